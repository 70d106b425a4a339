"""The options of curl, read as curl reads them: what changes the request is kept, what does not is let go."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

_KEPT = {
    "X": "request", "d": "data", "H": "header", "b": "cookie", "u": "user", "A": "user-agent", "e": "referer",
    "F": "form", "r": "range",
}  # fmt: skip
_KEPT_LONG = {
    *_KEPT.values(), "data-ascii", "data-raw", "data-binary", "data-urlencode", "json", "url", "form-string",
    "oauth2-bearer", "url-query", "request-target",
}  # fmt: skip
_FLAGS = {"G": "get", "I": "head"}
_FLAGS_LONG = {*_FLAGS.values(), "compressed", "globoff", "g"}
_IDLE = frozenset("sSkviLfNqJORa0123456#Zn") | {"g"}
"""Flags that leave the request as it is, or that only say how it is carried."""
_IDLE_LONG = frozenset(
    (
        "silent", "show-error", "insecure", "verbose", "include", "location", "location-trusted", "fail", "fail-with-body",
        "fail-early", "no-buffer", "disable", "remote-name", "remote-name-all", "remote-header-name", "progress-bar",
        "no-progress-meter", "path-as-is", "raw", "http1.0", "http1.1", "http2", "http2-prior-knowledge", "http3", "ipv4",
        "ipv6", "tlsv1", "tlsv1.0", "tlsv1.1", "tlsv1.2", "tlsv1.3", "ssl", "tcp-nodelay", "no-keepalive", "parallel",
        "create-dirs", "styled-output", "no-sessionid", "retry-connrefused", "retry-all-errors", "post301", "post302",
        "post303", "netrc", "netrc-optional", "basic", "trace-time", "no-alpn", "no-npn", "next-protocol",
    )
)  # fmt: skip
_IDLE_VALUES = {
    "o": "output", "w": "write-out", "m": "max-time", "x": "proxy", "c": "cookie-jar", "D": "dump-header", "E": "cert",
    "y": "speed-time", "Y": "speed-limit", "U": "proxy-user",
}  # fmt: skip
_IDLE_VALUES_LONG = frozenset(
    (
        *_IDLE_VALUES.values(), "connect-timeout", "retry", "retry-delay", "retry-max-time", "max-redirs", "cacert",
        "capath", "key", "cert-type", "key-type", "pass", "resolve", "connect-to", "interface", "limit-rate", "ciphers",
        "tls-max", "trace", "trace-ascii", "stderr", "unix-socket", "noproxy", "keepalive-time", "max-filesize", "proto",
        "proto-default", "proto-redir", "dns-servers", "local-port", "output-dir", "expect100-timeout", "pinnedpubkey",
    )
)  # fmt: skip


class Unsupported(Exception):
    """A command can't be made into a request; the text is the reason, without what is particular to it."""


class Option(NamedTuple):
    """One option that changes the request, by its long name; a URL is one, too."""

    name: str
    value: str = ""


def parsed(words: Sequence[str]) -> tuple[Option, ...]:
    """The options of a command that change its requests, in their order. Raises Unsupported, which names the option."""
    rest = iter(words)
    found: list[Option] = []
    for word in rest:
        if word == "--":
            found += [Option("url", url) for url in rest]
        elif word.startswith("--"):
            found += _long(word.removeprefix("--"), rest)
        elif word.startswith("-") and word != "-":
            found += _short(word[1:], rest)
        else:
            found.append(Option("url", word))
    return tuple(found)


def _long(name: str, rest: Iterator[str]) -> Iterator[Option]:
    if name in _KEPT_LONG:
        yield Option(name, _value(f"--{name}", rest))
    elif name in _FLAGS_LONG:
        yield Option(name)
    elif name in _IDLE_VALUES_LONG:
        _value(f"--{name}", rest)
    elif name not in _IDLE_LONG:
        raise Unsupported(f"curl's option --{name[:40]} is not known here")


def _short(letters: str, rest: Iterator[str]) -> Iterator[Option]:
    """Letters may stand together; the first that takes a value takes what is left of the word, or the next word."""
    for at, letter in enumerate(letters, 1):
        if letter in _KEPT or letter in _IDLE_VALUES:
            value = letters[at:] or _value(f"-{letter}", rest)
            if letter in _KEPT:
                yield Option(_KEPT[letter], value)
            return
        if letter in _FLAGS:
            yield Option(_FLAGS[letter])
        elif letter not in _IDLE:
            raise Unsupported(f"curl's option -{letter} is not known here")
        elif letter == "g":
            yield Option("globoff")


def _value(name: str, rest: Iterator[str]) -> str:
    value = next(rest, None)
    if value is None:
        raise Unsupported(f"curl's option {name} has no value")
    return value
