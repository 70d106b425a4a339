"""The request that a curl command makes, with the fields that curl adds by itself."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import quote_plus

from samewire.ascii import lower
from samewire.exchange import Field
from samewire.sources.curl_options import Option, Unsupported
from samewire.sources.forms import Part, form_data
from samewire.sources.requests import Place, end_to_end, fault, target
from samewire.sources.source import Item
from samewire.traffic import Record, Skipped

ReadFile = Callable[[str], bytes]
_DATA = ("data", "data-ascii", "data-raw", "data-binary", "data-urlencode", "json")
_GLOB = re.compile(r"\{[^}]*\}|\[[^\]]*-[^\]]*\]")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")
_URLENCODED = "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True)
class CurlRequest:
    """What one command asks of each of its URLs."""

    method: str
    fields: tuple[Field, ...]
    body: bytes | None
    asked: str | None
    """In the place of the URL's path and query: `--request-target`."""

    def record(self, id: str, where: Place, session: str) -> Item:
        if wrong := fault(self.method, self.fields):
            return Skipped(id, wrong)
        at = where.target if self.asked is None else target(_bytes(self.asked))
        return Record(id, self.method, at, tuple(end_to_end(self.fields)), self.body, session=session)


def requests(options: Sequence[Option], read_file: ReadFile) -> Iterator[tuple[str, CurlRequest]]:
    """Each URL of a command, and what is asked of it. Raises Unsupported."""
    urls = _all(options, "url")
    if not urls:
        raise Unsupported("a curl command without a URL")
    body, kind = _content(options, read_file)
    queries = [_encoded(value, read_file) for value in _all(options, "url-query")]
    if _has(options, "get") and body is not None:
        queries.append(body)
        body, kind = None, ""
    request = CurlRequest(_method(options, body), tuple(_fields(options, kind)), body, _last(options, "request-target"))
    for url in urls:
        yield _url(url, queries, literal=_has(options, "globoff")), request


def _url(url: str, queries: Sequence[bytes], *, literal: bool) -> str:
    if not literal and _GLOB.search(url):
        raise Unsupported("a URL that stands for several; --globoff takes it as it is")
    if not _SCHEME.match(url):
        url = f"http://{url}"
    if not queries:
        return url
    before, hash, fragment = url.partition("#")
    added = b"&".join(queries).decode("latin-1")
    return f"{before}{'&' if '?' in before else '?'}{added}{hash}{fragment}"


def _method(options: Sequence[Option], body: bytes | None) -> str:
    implied = "HEAD" if _has(options, "head") else "POST" if body is not None else "GET"
    return _last(options, "request") or implied


def _content(options: Sequence[Option], read_file: ReadFile) -> tuple[bytes | None, str]:
    """The content and the media type that curl gives it."""
    given = [option for option in options if option.name in _DATA]
    parts = [option for option in options if option.name in ("form", "form-string")]
    if given and parts:
        raise Unsupported("curl takes --data or --form, not both")
    if parts:
        return form_data([_part(option, read_file) for option in parts])
    if not given:
        return None, ""
    # Only --json is joined as it is: it may be one document in pieces.
    joined = b""
    for number, option in enumerate(given):
        joined += (b"&" if number and option.name != "json" else b"") + _data(option, read_file)
    return joined, "application/json" if given[-1].name == "json" else _URLENCODED


def _data(option: Option, read_file: ReadFile) -> bytes:
    name, value = option
    if name == "data-urlencode":
        return _encoded(value, read_file)
    if name == "data-raw" or not value.startswith("@"):
        return _bytes(value)
    data = read_file(value[1:])
    return data if name in ("data-binary", "json") else re.sub(rb"[\r\n\x00]", b"", data)


def _encoded(value: str, read_file: ReadFile) -> bytes:
    """As `--data-urlencode` takes it: `content`, `=content`, `name=content`, `@file`, `name@file`."""
    name, sign, content = re.fullmatch(r"(?s:([^=@]*)([=@]?)(.*))", value).groups()  # type: ignore[union-attr]
    if not sign:
        return quote_plus(_bytes(name)).encode()
    data = read_file(content) if sign == "@" else _bytes(content)
    return (f"{name}=" if name else "").encode() + quote_plus(data).encode()


def _part(option: Option, read_file: ReadFile) -> Part:
    """`name=content`, `name=@file` or `name=<file`, with `;type=` and `;filename=` after it."""
    name, sign, value = option.value.partition("=")
    if not sign:
        raise Unsupported("a form's part without a name")
    if option.name == "form-string":
        return name, _bytes(value), None, None
    value, *settings = re.split(r";(?=(?:type|filename|headers|encoder)=)", value)
    given = dict(setting.split("=", 1) for setting in settings)
    if value[:1] not in ("@", "<"):
        return name, _bytes(value), given.get("filename"), given.get("type")
    file = given.get("filename") or value[1:].rpartition("/")[2] if value[0] == "@" else None
    return name, read_file(value[1:]), file, given.get("type")


def _fields(options: Sequence[Option], kind: str) -> Iterator[Field]:
    """The command's own, then what curl adds where these do not say it; `Name:` takes one of curl's away."""
    own = [_line(value) for value in _all(options, "header")]
    yield from ((name, _bytes(value).decode("latin-1")) for name, value in own if value is not None)
    said = {lower(name) for name, _ in own}
    added = {
        "User-Agent": _last(options, "user-agent") if _has(options, "user-agent") else "curl",
        "Accept": "application/json" if _has(options, "json") else "*/*",
        "Content-Type": kind,
        "Accept-Encoding": "deflate, gzip" if _has(options, "compressed") else "",
        "Authorization": _credentials(options),
        "Cookie": ";".join(_cookies(options)),
        "Referer": (_last(options, "referer") or "").removesuffix(";auto"),
        "Range": f"bytes={_last(options, 'range')}" if _has(options, "range") else "",
    }
    for name, value in added.items():
        if value and lower(name) not in said:
            yield name, _bytes(value).decode("latin-1")


def _line(text: str) -> tuple[str, str | None]:
    """A field line; without a value it takes away curl's own, and `Name;` is one with an empty value."""
    if text.startswith("@"):
        raise Unsupported("its fields are in another file")
    name, colon, value = text.partition(":")
    if not colon and text.endswith(";"):
        return text[:-1], ""
    return name, value.strip(" \t") or None


def _credentials(options: Sequence[Option]) -> str:
    bearer, user = _last(options, "oauth2-bearer"), _last(options, "user")
    if bearer:
        return f"Bearer {bearer}"
    if user is None:
        return ""
    pair = user if ":" in user else f"{user}:"
    return f"Basic {b64encode(_bytes(pair)).decode()}"


def _cookies(options: Sequence[Option]) -> Iterator[str]:
    for value in _all(options, "cookie"):
        if value and "=" not in value:
            raise Unsupported("its cookies are in another file")
        yield from [value] if value else []


def _bytes(text: str) -> bytes:
    """What stood in the file; a character that only `$'…'` could name is its UTF-8."""
    try:
        return text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return text.encode("utf-8", "replace")


def _all(options: Sequence[Option], name: str) -> list[str]:
    return [option.value for option in options if option.name == name]


def _last(options: Sequence[Option], name: str) -> str | None:
    found = _all(options, name)
    return found[-1] if found else None


def _has(options: Sequence[Option], name: str) -> bool:
    return any(option.name == name for option in options)
