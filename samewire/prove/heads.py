"""Edits of a head's lines: pure, and None when there is nothing to edit."""

from __future__ import annotations

from collections.abc import Callable

from samewire.prove.parts import Head, Lines
from samewire.prove.rewriters import HeadEdit
from samewire.prove.writing import named, without

Change = Callable[[bytes], bytes]
"""Of a field's value; the same value again where nothing is to be changed."""


def status(new: int, reason: str, *old: int) -> HeadEdit:
    """Another status for these; what must not be without content gets an empty one."""

    def edit(head: Head) -> Lines | None:
        if head.interim or head.tunnels or head.status not in old:
            return None
        version = head.lines[0].partition(b" ")[0]
        lines = (b"%b %d %b" % (version, new, reason.encode()), *head.lines[1:])
        bare = head.status in (204, 304) and head.asked.method != "HEAD"
        return (*without(lines, b"content-length"), b"Content-Length: 0") if bare else lines

    return edit


def first_line(change: Change) -> HeadEdit:
    """Another status line for every final answer."""

    def edit(head: Head) -> Lines | None:
        return None if head.interim or head.tunnels else (change(head.lines[0]), *head.lines[1:])

    return edit


def lost(name: str) -> HeadEdit:
    """All lines of that name are lost."""
    return on_final(lambda lines: without(lines, name.lower().encode()))


def added(line: str) -> HeadEdit:
    """A further line at the end."""
    return on_final(lambda lines: (*lines, line.encode()))


def changed(name: str, change: Change) -> HeadEdit:
    """Other values for that name."""
    lower = name.lower().encode()
    return on_final(lambda lines: (lines[0], *(_valued(line, lower, change) for line in lines[1:])))


def repeated(name: str) -> HeadEdit:
    """Each line of that name twice."""
    lower = name.lower().encode()
    return on_final(lambda lines: tuple(again for line in lines for again in (line, line)[: 1 + named(line, lower)]))


def reordered(name: str) -> HeadEdit:
    """The lines of that name in the opposite order, in the places where they stood."""
    lower = name.lower().encode()

    def edit(lines: Lines) -> Lines:
        turned = [line for line in lines if named(line, lower)]
        return tuple(turned.pop() if named(line, lower) else line for line in lines)

    return on_final(edit)


def recased(name: str) -> HeadEdit:
    """That name in lower case."""
    lower = name.lower().encode()

    def edit(lines: Lines) -> Lines:
        return tuple(lower + line[len(lower) :] if named(line, lower) else line for line in lines)

    return on_final(edit)


def on_final(edit: Callable[[Lines], Lines]) -> HeadEdit:
    """Of final answers, those that switch protocols not among them."""
    return lambda head: None if head.interim or head.tunnels else edit(head.lines)


def on_switch(edit: Callable[[Lines], Lines]) -> HeadEdit:
    """Of a 101."""
    return lambda head: edit(head.lines) if head.status == 101 else None


def _valued(line: bytes, name: bytes, change: Change) -> bytes:
    if not named(line, name):
        return line
    label, _, value = line.partition(b":")
    return label + b": " + change(value.strip(b" \t"))
