"""The site `http_status`: the registered status codes of HTTP, each with the RFC that defines it."""

from __future__ import annotations

from collections.abc import Iterator
from http import HTTPStatus

from shared_handlers.nlweb.items import Item, Site, tech_article

SITE = Site(
    "http_status",
    "https://www.iana.org/assignments/http-status-codes/",
    "The registered HTTP status codes, what each means and the RFC that defines it.",
)
_CLASSES = {
    1: ("Informational", "The request was received and the process goes on."),
    2: ("Successful", "The request was received, understood and accepted."),
    3: ("Redirection", "The client has to do more to complete the request."),
    4: ("Client Error", "The request is wrong or can't be fulfilled."),
    5: ("Server Error", "The server failed to fulfil a request that looks valid."),
}
_ELSEWHERE = {
    102: (2518, "10.1"),
    103: (8297, "2"),
    207: (4918, "11.1"),
    208: (5842, "7.1"),
    226: (3229, "10.4.1"),
    418: (2324, "2.3.2"),
    421: (9110, "15.5.20"),
    422: (9110, "15.5.21"),
    423: (4918, "11.3"),
    424: (4918, "11.4"),
    425: (8470, "5.2"),
    426: (9110, "15.5.22"),
    428: (6585, "3"),
    429: (6585, "4"),
    431: (6585, "5"),
    451: (7725, "3"),
    506: (2295, "8.1"),
    507: (4918, "11.5"),
    508: (5842, "7.2"),
    510: (2774, "7"),
    511: (6585, "6"),
}
"""RFC and section of the codes that RFC 9110 does not define, or numbers without the gaps between them."""
_PHRASES = {
    413: "Content Too Large",
    414: "URI Too Long",
    416: "Range Not Satisfiable",
    422: "Unprocessable Content",
}
"""The names of RFC 9110, where older versions of Python still have the ones before it."""


def items() -> Iterator[Item]:
    """One item for each code that Python knows, in numeric order."""
    for status in HTTPStatus:
        rfc, section = _definition(status.value)
        category, meaning = _CLASSES[status.value // 100]
        phrase = _PHRASES.get(status.value, status.phrase)
        told = f" {status.description.rstrip('.')}." if status.description else ""
        description = f"HTTP status {status.value}, {phrase}.{told} Defined in RFC {rfc}, section {section}."
        text = f"{description}\n\n{status.value} is a status of the class {category}. {meaning}"
        url = f"https://www.rfc-editor.org/rfc/rfc{rfc}.html#section-{section}"
        yield tech_article(SITE, url, f"{status.value} {phrase}", text, description)


def _definition(code: int) -> tuple[int, str]:
    """RFC and section; RFC 9110 numbers its codes in order: section 15.2.1 is 100, 15.5.5 is 404."""
    return _ELSEWHERE.get(code) or (9110, f"15.{code // 100 + 1}.{code % 100 + 1}")
