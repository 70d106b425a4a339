"""One entry of a HAR file as a record: its request, and the answer that was recorded with it."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Iterator, Mapping
from typing import Any

from samewire.ascii import lower, strip
from samewire.exchange import Field
from samewire.sources.forms import form_data, urlencoded
from samewire.sources.requests import Place, end_to_end, fault, latin
from samewire.sources.source import Item
from samewire.traffic import Record, RecordedAnswer, Skipped

_UNKNOWN = "its content was not recorded"


def record_of(id: str, entry: Mapping[str, Any], where: Place, session: str) -> Item:
    """The entry, whose request has a URL that points to `where`; what browsers write beside HAR 1.2 is understood."""
    request = entry["request"]
    if entry.get("_resourceType") == "websocket" or "_webSocketMessages" in entry:
        return Skipped(id, "a WebSocket: write it as a case")
    method = request.get("method")
    fields = tuple(_request_fields(request))
    wrong = fault(method, fields) if isinstance(method, str) else "its method is no token"
    if wrong:
        return Skipped(id, wrong)
    body, typed = _body(request)
    if body is None and _had_content(request):
        return Skipped(id, _UNKNOWN)
    if typed:
        fields = (*(line for line in fields if lower(line[0]) != "content-type"), ("Content-Type", typed))
    return Record(id, str(method), where.target, fields, body, session=_session(entry, session), answer=_answer(entry))


def _session(entry: Mapping[str, Any], name: str) -> str:
    connection = entry.get("connection")
    if "pageref" not in entry and isinstance(connection, str | int):
        return f"{name}#{connection}"
    return name


def _request_fields(request: Mapping[str, Any]) -> Iterator[Field]:
    lines = list(_pairs(request.get("headers")))
    yield from end_to_end(lines)
    cookies = "; ".join(f"{name}={value}" for name, value in _pairs(request.get("cookies")))
    if cookies and not any(lower(name) == "cookie" for name, _ in lines):
        yield "Cookie", latin(cookies)


def _body(request: Mapping[str, Any]) -> tuple[bytes | None, str]:
    """The content, and its media type where it had to be written anew."""
    posted = request.get("postData")
    if not isinstance(posted, Mapping):
        return None, ""
    text, kind = posted.get("text"), str(posted.get("mimeType", ""))
    if isinstance(text, str) and text:
        return _bytes(text, posted.get("encoding")), ""
    params = [param for param in _list(posted.get("params")) if isinstance(param, Mapping)]
    if not params:
        return (b"" if isinstance(text, str) and not _had_content(request) else None), ""
    if lower(kind).startswith("multipart/form-data"):
        return form_data(
            [(str(p.get("name", "")), str(p.get("value", "")), p.get("fileName"), p.get("contentType")) for p in params]
        )
    return urlencoded([(str(p.get("name", "")), str(p.get("value", ""))) for p in params]), ""


def _had_content(request: Mapping[str, Any]) -> bool:
    size = request.get("bodySize")
    lengths = [value for name, value in _pairs(request.get("headers")) if lower(name) == "content-length"]
    return (isinstance(size, int) and size > 0) or any(strip(value) not in ("", "0") for value in lengths)


def _answer(entry: Mapping[str, Any]) -> RecordedAnswer | None:
    answer = entry.get("response")
    if not isinstance(answer, Mapping) or not isinstance(answer.get("status"), int) or answer["status"] < 100:
        return None
    content = answer.get("content")
    body = b""
    if isinstance(content, Mapping) and isinstance(content.get("text"), str):
        body = _bytes(content["text"], content.get("encoding")) or b""
    fields = ((name, latin(value)) for name, value in _pairs(answer.get("headers")) if not name.startswith(":"))
    return RecordedAnswer(answer["status"], tuple(fields), body)


def _bytes(text: str, encoding: Any) -> bytes | None:
    """None when it says that it is base64 and is not."""
    if encoding != "base64":
        return text.encode("utf-8", "surrogatepass")
    try:
        return b64decode(text, validate=True)
    except ValueError:
        return None


def _pairs(given: Any) -> Iterator[Field]:
    """The name and value of each member of a HAR list of them."""
    for member in _list(given):
        if isinstance(member, Mapping) and isinstance(member.get("name"), str):
            yield member["name"], str(member.get("value", ""))


def _list(given: Any) -> list[Any]:
    return given if isinstance(given, list) else []
