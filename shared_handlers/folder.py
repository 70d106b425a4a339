"""A directory whose files may be served: what can't be reached through it stays unseen."""

from __future__ import annotations

import os
import re
import stat
import threading
from collections import OrderedDict
from pathlib import Path
from typing import BinaryIO, NamedTuple

SMALL = 131_072
"""Files of at most so many bytes are kept in memory."""
MAX_KEPT = 33_554_432
"""Bytes that are kept of all files together, those asked for last."""
_MAX_FILES = 1024
_UNSAFE = re.compile(r"[\\\0]")
_FLAGS = os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK
_Stamp = tuple[int, int, int, int, int]


class Found(NamedTuple):
    """A regular file, opened or in memory; whoever gets an open `handle` closes it."""

    size: int
    mtime_ns: int
    content: bytes | None
    handle: BinaryIO | None

    def close(self) -> None:
        if self.handle is not None:
            self.handle.close()


class Folder:
    """Opens files below `root` by a decoded path; nothing here suspends, as only small files are read."""

    __slots__ = ("_changing", "_kept", "_root", "_size")

    def __init__(self, root: Path) -> None:
        self._root = os.path.realpath(root)
        self._kept: OrderedDict[str, tuple[_Stamp, Found]] = OrderedDict()
        self._size = 0
        # A server with threads may ask for several files at once.
        self._changing = threading.Lock()

    @property
    def kept(self) -> int:
        """Bytes of content that are in memory."""
        return self._size

    def open(self, path: str) -> Found | None:
        """The regular file of this path, or None: also for dotfiles, `..`, links out of the root, FIFOs, devices,
        and what may not be read. The path says nothing of the file system's, so neither can an answer.
        """
        if not _safe(path):
            return None
        full = f"{self._root}/{path}"
        try:
            status = os.stat(full)
            if not stat.S_ISREG(status.st_mode):
                return None
            return self._remembered(full, _stamp(status)) or self._opened(full)
        except (OSError, ValueError):
            return None

    def has_file(self, path: str) -> bool:
        """Whether there seems to be such a regular file; `open` decides."""
        try:
            return _safe(path) and stat.S_ISREG(os.stat(f"{self._root}/{path}").st_mode)
        except (OSError, ValueError):
            return False

    def _opened(self, full: str) -> Found | None:
        real = os.path.realpath(full)
        if not real.startswith(self._root.rstrip("/") + "/"):
            return None
        # Not followed if it has become a link since, and not waited for if it has become a FIFO.
        handle = os.fdopen(os.open(real, _FLAGS), "rb")
        try:
            status = os.fstat(handle.fileno())
            if not stat.S_ISREG(status.st_mode):
                handle.close()
                return None
            if status.st_size > SMALL:
                return Found(status.st_size, status.st_mtime_ns, None, handle)
            content = handle.read(SMALL)
        except BaseException:
            handle.close()
            raise
        handle.close()
        found = Found(len(content), status.st_mtime_ns, content, None)
        self._keep(full, _stamp(status), found)
        return found

    def _remembered(self, full: str, stamp: _Stamp) -> Found | None:
        with self._changing:
            kept = self._kept.get(full)
            if kept is None or kept[0] != stamp:
                return None
            self._kept.move_to_end(full)
            return kept[1]

    def _keep(self, full: str, stamp: _Stamp, found: Found) -> None:
        with self._changing:
            before = self._kept.pop(full, None)
            self._size += found.size - (before[1].size if before else 0)
            self._kept[full] = (stamp, found)
            while self._size > MAX_KEPT or len(self._kept) > _MAX_FILES:
                _, (_, forgotten) = self._kept.popitem(last=False)
                self._size -= forgotten.size


def _safe(path: str) -> bool:
    return _UNSAFE.search(path) is None and all(part and part[0] != "." for part in path.split("/"))


def _stamp(status: os.stat_result) -> _Stamp:
    """What changes with the content or the permissions of a file."""
    return status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns
