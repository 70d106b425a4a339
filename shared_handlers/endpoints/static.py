"""Files: `/static/` is the configured directory, `/html/` the `html` in it."""

from __future__ import annotations

import time

from shared_handlers import settings as configuration
from shared_handlers.codings import IDENTITY, preferred
from shared_handlers.errors import HTTPError
from shared_handlers.folder import Folder, Found
from shared_handlers.media_types import media_type
from shared_handlers.message import Endpoint, File, Request, Response
from shared_handlers.routes import Route
from shared_handlers.selection import FileFacts, Selection, select
from shared_handlers.services import Services

_INDEX = "index.html"
_VARIANTS = {"br": ".br", "gzip": ".gz"}
"""Coding and suffix of precompressed siblings, the server's favourite first."""
_COMPRESSIBLE = (
    "text/",
    "application/json",
    "application/ld+json",
    "application/xml",
    "image/svg+xml",
    "application/wasm",
)


def routes(services: Services) -> tuple[Route, ...]:
    """`/static/{path}` and `/html/{path}`."""
    root, options = services.settings.static_directory, services.settings.server.static
    return (
        Route("GET", "/static/{path:.*}", _endpoint(Folder(root), options), "static"),
        Route("GET", "/html/{path:.*}", _endpoint(Folder(root / "html"), options), "html"),
    )


def _endpoint(folder: Folder, options: configuration.Static) -> Endpoint:
    async def static(request: Request) -> Response:
        """The file; for a directory its index.html, to which the path without the slash leads by 308."""
        path = request.params["path"]
        if path == "" or path.endswith("/"):
            path += _INDEX
        elif not folder.has_file(path) and folder.has_file(f"{path}/{_INDEX}"):
            return _with_slash(request)
        coding, varies = _variant(folder, path, request, options)
        found = folder.open(path + _VARIANTS.get(coding, ""))
        if found is None:
            raise HTTPError(404, "There is nothing at this path.")
        return _answer(request, path, found, coding, varies, options)

    return static


def _with_slash(request: Request) -> Response:
    query = f"?{request.query_string}" if request.query_string else ""
    return Response(308, (("Location", f"{request.path}/{query}"),))


def _variant(folder: Folder, path: str, request: Request, options: configuration.Static) -> tuple[str, bool]:
    """The coding to send the file in, empty for none, and whether another request may get another one."""
    if not options.gzip_enabled or not media_type(path).startswith(_COMPRESSIBLE):
        return "", False
    available = [coding for coding, suffix in _VARIANTS.items() if folder.has_file(path + suffix)]
    if not available:
        return "", False
    coding = preferred(request.headers, available)
    return "" if coding == IDENTITY else coding, True


def _answer(
    request: Request, path: str, found: Found, coding: str, varies: bool, options: configuration.Static
) -> Response:
    kind = media_type(path)
    modified = min(found.mtime_ns // 1_000_000_000, int(time.time()))
    cache = _cache_control(kind, options)
    facts = FileFacts(found.size, found.mtime_ns, modified, kind, cache, coding, varies)
    chosen = select(facts, request.headers, request.method)
    if chosen.status in (200, 206):
        return Response(chosen.status, chosen.fields, _content(found, chosen))
    found.close()
    if chosen.status == 304:
        return Response(304, chosen.fields)
    raise HTTPError(chosen.status, _WHY[chosen.status], chosen.fields)


_WHY = {
    412: "The file is not as the preconditions say.",
    416: "Nothing of the file is in this range.",
}


def _content(found: Found, chosen: Selection) -> bytes | File:
    if found.handle is not None:
        return File(found.handle, chosen.offset, chosen.length)
    content = found.content or b""
    return content if chosen.length == len(content) else content[chosen.offset : chosen.offset + chosen.length]


def _cache_control(kind: str, options: configuration.Static) -> str:
    """Pages are asked about each time, as they name the other files."""
    if not options.enable_cache or kind.startswith("text/html"):
        return "no-cache"
    return f"public, max-age={options.cache_max_age}"
