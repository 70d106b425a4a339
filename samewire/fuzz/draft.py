"""A raw request in the making: its parts where the grammar of RFC 9112 has them, so that one of them can be broken."""

from __future__ import annotations

from dataclasses import dataclass, field

from samewire.fuzz.example import Part, Request


@dataclass(slots=True)
class Draft:
    """Mutable while a breach is applied; `parts` is what is sent."""

    method: bytes
    target: bytes
    version: bytes = b"HTTP/1.1"
    lines: list[bytes] = field(default_factory=list)
    """Field lines without their ends, Host first."""
    body: list[bytes] = field(default_factory=list)
    """With its transfer coding: chunk by chunk, the last chunk, trailer lines, the empty line."""
    before: bytes = b""
    """In front of the request line."""
    start: bytes | None = None
    """The whole request line, when it is not made of method, target and version."""
    start_end: bytes = b"\r\n"
    line_ends: dict[int, bytes] = field(default_factory=dict)
    """Of field lines, by their index, where it is not CRLF."""
    blank: bytes = b"\r\n"
    keep: int | None = None
    """Only so many bytes are sent."""
    broken: dict[str, str] = field(default_factory=dict)
    """Which breach is in which part: `start`, `blank`, `body`, or `line N`."""

    @property
    def chunked(self) -> bool:
        return any(line.lower().startswith(b"transfer-encoding") for line in self.lines)

    def mark(self, place: str, breach: str) -> None:
        self.broken[place] = breach

    def parts(self) -> Request:
        """What is sent of it."""
        start = self.start if self.start is not None else b" ".join((self.method, self.target, self.version))
        found = [Part(self.before, self.broken.get("before", ""))] if self.before else []
        found.append(Part(start + self.start_end, self.broken.get("start", "")))
        for number, line in enumerate(self.lines):
            end = self.line_ends.get(number, b"\r\n")
            found.append(Part(line + end, self.broken.get(f"line {number}", "")))
        found.append(Part(self.blank, self.broken.get("blank", "")))
        found += [Part(piece, self.broken.get("body", "")) for piece in self.body if piece]
        return tuple(found) if self.keep is None else _first(found, self.keep)

    def find(self, name: bytes) -> int | None:
        """The index of the first line of that name."""
        prefix = name.lower() + b":"
        return next((number for number, line in enumerate(self.lines) if line.lower().startswith(prefix)), None)

    def put(self, line: bytes, breach: str = "") -> None:
        """Add a field line."""
        self.lines.append(line)
        if breach:
            self.mark(f"line {len(self.lines) - 1}", breach)

    def replace(self, name: bytes, line: bytes, breach: str) -> None:
        """Put this line in the place of the first of that name, or after all."""
        at = self.find(name)
        if at is None:
            self.put(line, breach)
        else:
            self.lines[at] = line
            self.mark(f"line {at}", breach)


def _first(parts: list[Part], size: int) -> Request:
    """The parts as far as so many bytes reach."""
    found: list[Part] = []
    for part in parts:
        if size <= 0:
            break
        found.append(Part(part.data[:size], part.breach))
        size -= len(part.data)
    return tuple(found)
