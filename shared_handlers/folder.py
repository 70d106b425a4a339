"""A directory whose files may be served: what can't be reached through it stays unseen."""

from __future__ import annotations

import os
import re
import stat
from collections import OrderedDict
from pathlib import Path
from typing import BinaryIO, NamedTuple

SMALL = 65_536
"""Files of at most so many bytes are kept in memory."""
_MAX_KEPT = 256
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

    __slots__ = ("_kept", "_root")

    def __init__(self, root: Path) -> None:
        self._root = os.path.realpath(root)
        self._kept: OrderedDict[str, tuple[_Stamp, Found]] = OrderedDict()

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
            kept = self._kept.get(full)
            if kept is not None and kept[0] == _stamp(status):
                self._kept.move_to_end(full)
                return kept[1]
            return self._opened(full)
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

    def _keep(self, full: str, stamp: _Stamp, found: Found) -> None:
        self._kept[full] = (stamp, found)
        if len(self._kept) > _MAX_KEPT:
            self._kept.popitem(last=False)


def _safe(path: str) -> bool:
    return _UNSAFE.search(path) is None and all(part and part[0] != "." for part in path.split("/"))


def _stamp(status: os.stat_result) -> _Stamp:
    """What changes with the content or the permissions of a file."""
    return status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns
