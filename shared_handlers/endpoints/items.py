"""`/api/items`: content that users upload, and that can be asked about at once."""

from __future__ import annotations

import asyncio
import sqlite3
import tempfile
import threading
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
from shared_handlers.nlweb.sources import Format, SourceError, items_in
from shared_handlers.nlweb.uploaded import TooManyItems
from shared_handlers.routes import Route
from shared_handlers.services import Services
from shared_handlers.settings_types import SiteName

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
_SITE = TypeAdapter[str](SiteName)


def routes(services: Services) -> tuple[Route, ...]:
    """POST `/api/items`, for users; it takes more content than other routes."""
    most = services.settings.uploads.max_bytes
    return (Route("POST", "/api/items", _upload(services), "items", access="user", max_body=most),)


class Upload(NamedTuple):
    """One file, spooled: a temporary file that has no name, so it is gone with its last descriptor, however that ends."""

    name: str
    format: Format
    file: IO[bytes]


def _upload(services: Services) -> Endpoint:
    folder = services.settings.nlweb.store

    async def upload(request: Request) -> Response:
        """201 when every item of every file can be found; HTTPError 422 names the first that is wrong, and nothing is kept."""
        with ExitStack() as spooled:
            site, files = await _received(request, folder, spooled)
            if site in services.index.sites:
                raise HTTPError(409, f"{site} is a site of the configuration: choose another name.")
            abandoned = threading.Event()
            spooled.callback(abandoned.set)
            items = chain.from_iterable(_items(site, one) for one in files)
            try:
                count = await services.uploaded.add(site, items, abandoned)
            except SourceError as error:
                raise HTTPError(422, f"{error}.") from None
            except TooManyItems:
                most = services.settings.uploads.max_items
                raise HTTPError(422, f"There are more than {most} items: send them in parts.") from None
            except sqlite3.OperationalError:
                raise HTTPError(503, "Another upload is being indexed.", (("Retry-After", "5"),)) from None
        return json_response({"site": site, "count": count}, 201, (_PRIVATE,))

    return upload


def _items(site: str, one: Upload) -> Iterator[Item]:
    one.file.seek(0)
    return items_in(site, one.file, one.format, one.name, _MAX_WHOLE)


async def _received(request: Request, folder: Path, spooled: ExitStack) -> tuple[str, list[Upload]]:
    """The name of the site, and its files; `spooled` closes them."""
    form = _Form(folder, spooled)
    async for event in read_multipart(request):
        if isinstance(event, Part):
            await form.flush()
            form.begin(event)
        elif form.take(event):
            await form.flush()
    await form.flush()
    if not form.files:
        raise HTTPError(422, "There is no file in the form.")
    return _named(form.site), form.files


class _Form:
    """What has arrived of it."""

    def __init__(self, folder: Path, spooled: ExitStack) -> None:
        self.site = bytearray()
        self.files: list[Upload] = []
        self._folder = folder
        self._spooled = spooled
        self._in_file = False
        self._held: list[bytes] = []
        self._size = 0

    def begin(self, part: Part) -> None:
        """Content of this part follows."""
        self._in_file = part.filename is not None
        if self._in_file:
            self.files.append(_begun(part, self._folder, self._spooled))
        elif part.name != "site":
            raise HTTPError(422, f"{part.name[:64]}: there is no such field; `site` and files are.")

    def take(self, piece: bytes) -> bool:
        """Keep a piece of its content; True when there is enough for the disk."""
        if self._in_file:
            self._held.append(piece)
            self._size += len(piece)
            return self._size >= _PIECE
        self.site += piece
        if len(self.site) > _MAX_FIELD:
            raise HTTPError(422, "site: too long.")
        return False

    async def flush(self) -> None:
        """Write what is held to the file that it belongs to."""
        if self._held:
            await asyncio.to_thread(self.files[-1].file.write, b"".join(self._held))
            self._held.clear()
            self._size = 0


def _begun(part: Part, folder: Path, spooled: ExitStack) -> Upload:
    name = part.filename or part.name
    format = _FORMATS.get(part.content_type) or _FORMATS.get(lower(Path(name).suffix))
    if format is None:
        raise HTTPError(415, f"{name[:64]}: neither JSON Lines nor JSON-LD nor RSS, by its type and its name.")
    return Upload(name[:64], format, spooled.enter_context(tempfile.TemporaryFile(dir=folder)))


def _named(site: bytearray) -> str:
    try:
        return _SITE.validate_python(strip(site.decode("utf-8", "replace")))
    except ValidationError:
        raise HTTPError(422, "site: letters, digits, `_`, `.` and `-`, at most 64, and not `all`.") from None
