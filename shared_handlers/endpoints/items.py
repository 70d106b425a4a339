"""`/api/items`: content that users upload, and that can be asked about at once."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from itertools import chain
from pathlib import Path
from typing import IO, NamedTuple

from pydantic import TypeAdapter, ValidationError

from shared_handlers.ascii import lower, strip
from shared_handlers.errors import HTTPError
from shared_handlers.message import Endpoint, Field, Request, Response, json_response
from shared_handlers.multipart import Part, read_multipart
from shared_handlers.nlweb.items import Item
from shared_handlers.nlweb.sources import Check, Format, SourceError, items_in
from shared_handlers.nlweb.uploaded import NotYours, TooManyItems, TooManyUploads, Upload
from shared_handlers.routes import Route
from shared_handlers.services import Services
from shared_handlers.settings_types import SiteName
from shared_handlers.state import faults_answered

_PIECE = 1 << 20
"""Bytes that are written to the disk at once, in another thread."""
_MAX_FIELD = 1_000
_MAX_WHOLE = 16 << 20
"""Bytes of a file that has to be read as a whole."""
_FORMATS: dict[str, Format] = {
    "application/x-ndjson": "jsonl", "application/jsonl": "jsonl", ".jsonl": "jsonl", ".ndjson": "jsonl",
    "application/ld+json": "jsonld", "application/json": "jsonld", ".jsonld": "jsonld", ".json": "jsonld",
    "application/rss+xml": "rss", "application/xml": "rss", "text/xml": "rss", ".rss": "rss", ".xml": "rss",
}  # fmt: skip
_PRIVATE: Field = ("Cache-Control", "no-store")
_LATER = (("Retry-After", "5"),)
_FIELDS = frozenset({"site", "public"})
_CHOICES = {"false": False, "true": True}
_SITE = TypeAdapter[str](SiteName)


def routes(services: Services) -> tuple[Route, ...]:
    """POST `/api/items`, for users; it takes more content than other routes."""
    most = services.settings.uploads.max_bytes
    return (Route("POST", "/api/items", _upload(services), "items", access="user", max_body=most),)


class File(NamedTuple):
    """One file, spooled: a temporary file that has no name, so it is gone with its last descriptor, however that ends."""

    name: str
    format: Format
    file: IO[bytes]


def _upload(services: Services) -> Endpoint:
    settings = services.settings

    async def upload(request: Request) -> Response:
        """201 when every item of every file can be found; HTTPError 422 names the first that is wrong, and nothing is kept."""
        assert request.user is not None  # noqa: S101  (the door lets nobody else through)
        with ExitStack() as spooled:
            form = await _received(request, _Form(settings.nlweb.store, spooled, settings.uploads.max_lines))
            wanted = Upload(_named(form.text("site")), request.user.key, _yes_or_no(form.text("public", "false")))
            if wanted.site in services.index.names:
                raise HTTPError(409, f"{wanted.site} is a site of the configuration: choose another name.")
            try:
                count = await services.uploaded.add(
                    wanted, lambda check: chain.from_iterable(_items(wanted.site, one, check) for one in form.files)
                )
            except SourceError as error:
                raise HTTPError(422, f"{error}.") from None
            except TooManyItems:
                most = settings.uploads.max_items
                raise HTTPError(422, f"There are more than {most} items: send them in parts.") from None
            except NotYours:
                raise HTTPError(403, f"{wanted.site} is another user's site: choose another name.") from None
            except TooManyUploads:
                raise HTTPError(503, "Many uploads are being indexed.", _LATER) from None
        return json_response({"site": wanted.site, "count": count}, 201, (_PRIVATE,))

    return upload


def _items(site: str, one: File, check: Check) -> Iterator[Item]:
    one.file.seek(0)
    return items_in(site, one.file, one.format, one.name, check)


async def _received(request: Request, form: _Form) -> _Form:
    """The form, with all that the request has of it."""
    async for event in read_multipart(request):
        if isinstance(event, Part):
            await form.flush()
            form.begin(event)
        elif form.take(event):
            await form.flush()
    await form.flush()
    if not form.files:
        raise HTTPError(422, "There is no file in the form.")
    return form


class _Form:
    """What has arrived of it. Lines and bytes are counted as they come: what is too much is not waited for."""

    def __init__(self, folder: Path, spooled: ExitStack, max_lines: int) -> None:
        """Files are spooled in the folder; `spooled` closes them."""
        self.files: list[File] = []
        self._fields: dict[str, bytearray] = {}
        self._folder = folder
        self._spooled = spooled
        self._max_lines = max_lines
        self._field: str | None = None
        self._held: list[bytes] = []
        self._waiting = self._size = self._lines = 0

    def text(self, name: str, otherwise: str = "") -> str:
        """The value of the field, or another when it was not sent."""
        value = self._fields.get(name)
        return otherwise if value is None else value.decode("utf-8", "replace")

    def begin(self, part: Part) -> None:
        """Content of this part follows."""
        self._field = None
        self._size = 0
        if part.filename is not None:
            self.files.append(_begun(part, self._folder, self._spooled))
            return
        if part.name not in _FIELDS:
            raise HTTPError(422, f"{part.name[:64]}: there is no such field; `site`, `public` and files are.")
        if part.name in self._fields:
            raise HTTPError(400, f"{part.name}: given more than once.")
        self._field = part.name
        self._fields[part.name] = bytearray()

    def take(self, piece: bytes) -> bool:
        """Keep a piece of its content; True when there is enough for the disk."""
        if self._field is not None:
            self._fields[self._field] += piece
            if len(self._fields[self._field]) > _MAX_FIELD:
                raise HTTPError(422, f"{self._field}: too long.")
            return False
        self._count(piece)
        self._held.append(piece)
        self._waiting += len(piece)
        return self._waiting >= _PIECE

    async def flush(self) -> None:
        """Write what is held to the file that it belongs to."""
        if self._held:
            with faults_answered():
                await asyncio.to_thread(self.files[-1].file.write, b"".join(self._held))
            self._held.clear()
            self._waiting = 0

    def _count(self, piece: bytes) -> None:
        file = self.files[-1]
        self._size += len(piece)
        if file.format != "jsonl":
            if self._size > _MAX_WHOLE:
                raise HTTPError(422, f"{file.name}: longer than {_MAX_WHOLE} bytes; send JSON Lines.")
            return
        self._lines += piece.count(b"\n")
        if self._lines > self._max_lines:
            raise HTTPError(422, f"{file.name}: there are more than {self._max_lines} lines; send them in parts.")


def _begun(part: Part, folder: Path, spooled: ExitStack) -> File:
    name = part.filename or part.name
    format = _FORMATS.get(part.content_type) or _FORMATS.get(lower(Path(name).suffix))
    if format is None:
        raise HTTPError(415, f"{name[:64]}: neither JSON Lines nor JSON-LD nor RSS, by its type and its name.")
    with faults_answered():
        folder.mkdir(parents=True, exist_ok=True)
        return File(name[:64], format, spooled.enter_context(tempfile.TemporaryFile(dir=folder)))


def _named(site: str) -> str:
    try:
        return _SITE.validate_python(strip(site))
    except ValidationError:
        raise HTTPError(422, "site: letters, digits, `_`, `.` and `-`, at most 64, and not `all`.") from None


def _yes_or_no(public: str) -> bool:
    if public not in _CHOICES:
        raise HTTPError(400, "public: `true` or `false`.")
    return _CHOICES[public]
