"""The media type of a file by its name: a fixed table, so that no operating system changes an answer."""

from __future__ import annotations

from shared_handlers.ascii import lower

_UTF_8 = "; charset=utf-8"
_TYPES = {
    "aac": "audio/aac",
    "avif": "image/avif",
    "css": "text/css" + _UTF_8,
    "csv": "text/csv" + _UTF_8,
    "gif": "image/gif",
    "gz": "application/gzip",
    "htm": "text/html" + _UTF_8,
    "html": "text/html" + _UTF_8,
    "ico": "image/x-icon",
    "jpeg": "image/jpeg",
    "jpg": "image/jpeg",
    "js": "text/javascript" + _UTF_8,
    "json": "application/json",
    "jsonld": "application/ld+json",
    "map": "application/json",
    "md": "text/markdown" + _UTF_8,
    "mjs": "text/javascript" + _UTF_8,
    "mp3": "audio/mpeg",
    "mp4": "video/mp4",
    "pdf": "application/pdf",
    "png": "image/png",
    "svg": "image/svg+xml",
    "txt": "text/plain" + _UTF_8,
    "wasm": "application/wasm",
    "webm": "video/webm",
    "webmanifest": "application/manifest+json",
    "webp": "image/webp",
    "woff": "font/woff",
    "woff2": "font/woff2",
    "xml": "application/xml",
    "zip": "application/zip",
}
UNKNOWN = "application/octet-stream"


def media_type(name: str) -> str:
    """By what follows the last dot, in any case; `application/octet-stream` when that says nothing."""
    _, dot, extension = name.rpartition(".")
    return _TYPES.get(lower(extension), UNKNOWN) if dot else UNKNOWN
