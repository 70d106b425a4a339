"""Where text is read as Unicode on purpose: it is natural language, ours, the user's own, or known to be ASCII by then."""

from __future__ import annotations

from collections.abc import Mapping

LANGUAGE = "natural language, in whatever script"
OURS = "our own words, files or configuration, from no socket"
NUMBER = "no text, or bytes or text that a pattern of ASCII digits has let through"
OCTETS = "bytes, whose methods are ASCII"
CHECKED = "ASCII by then: a token of ours or a percent-encoded octet"
MODULE = "the module of ASCII functions itself, after it has looked"
SPELLING = "another spelling of what is sent: nothing is read by it"

FILES: Mapping[str, str] = {
    "parity/accept/": OURS,
    "parity/load/": OURS,
    "shared_handlers/nlweb/": LANGUAGE,
    "shared_handlers/settings": OURS,
    "shared_handlers/ascii.py": MODULE,
    "parity/ascii.py": MODULE,
}
"""By the beginning of the file's path."""

ALLOWED: Mapping[tuple[str, str], str] = {
    ("legacy/fields.py", "lower"): CHECKED,
    ("shared_handlers/http1/readers.py", "int"): NUMBER,
    ("legacy/writer.py", "int"): NUMBER,
    ("parity/cases/yaml_file.py", "split"): OURS,
    ("parity/check/json_places.py", "float"): NUMBER,
    ("parity/compare/classes.py", "float"): NUMBER,
    ("parity/compare/json_values.py", "Decimal"): NUMBER,
    ("parity/credentials.py", "strip"): OURS,
    ("parity/fuzz/breaches.py", "lower"): OCTETS,
    ("parity/fuzz/causes.py", "lstrip"): OCTETS,
    ("parity/fuzz/command.py", "float"): NUMBER,
    ("parity/fuzz/draft.py", "lower"): OCTETS,
    ("parity/fuzz/semantic.py", "isalnum"): SPELLING,
    ("parity/fuzz/semantic.py", "swapcase"): SPELLING,
    ("parity/init/files.py", "splitlines"): OURS,
    ("parity/init/traffic.py", "capitalize"): SPELLING,
    ("parity/launch.py", "splitlines"): OCTETS,
    ("parity/noise/moments.py", "float"): NUMBER,
    ("parity/noise/numbers.py", "float"): NUMBER,
    ("parity/noise/tokens.py", "islower"): "whether it looks random, not what it says",
    ("parity/noise/tokens.py", "isupper"): "whether it looks random, not what it says",
    ("parity/ports.py", "int"): NUMBER,
    ("parity/prove/asked.py", "int"): NUMBER,
    ("parity/prove/asked.py", "split"): OCTETS,
    ("parity/prove/asked.py", "strip"): OCTETS,
    ("parity/prove/fault.py", "upper"): OURS,
    ("parity/prove/faults/contents.py", "int"): NUMBER,
    ("parity/prove/faults/contents.py", "lower"): OURS,
    ("parity/prove/faults/fields.py", "lower"): OURS,
    ("parity/prove/faults/framing.py", "int"): OCTETS,
    ("parity/prove/faults/leniency.py", "upper"): OCTETS,
    ("parity/prove/faults/requests.py", "int"): NUMBER,
    ("parity/prove/faults/requests.py", "lower"): OURS,
    ("parity/prove/heads.py", "lower"): OURS,
    ("parity/prove/json_text.py", "re"): OURS,
    ("parity/prove/parts.py", "int"): NUMBER,
    ("parity/prove/words.py", "splitlines"): OURS,
    ("parity/replay/plain.py", "int"): NUMBER,
    ("parity/report/markdown.py", "capitalize"): OURS,
    ("parity/report/markdown.py", "isalnum"): "what Markdown could read is ASCII; the rest stands as it is",
    ("parity/report/marks.py", "re"): LANGUAGE,
    ("parity/sources/access_log.py", "int"): NUMBER,
    ("parity/sources/access_log.py", "strip"): OCTETS,
    ("parity/sources/goreplay.py", "strip"): OCTETS,
    ("parity/sources/har.py", "splitlines"): OURS,
    ("parity/sources/openapi.py", "split"): OURS,
    ("parity/sources/raw.py", "strip"): OCTETS,
    ("parity/sources/shell.py", "int"): NUMBER,
    ("parity/wire/awaited.py", "int"): NUMBER,
    ("parity/wire/content.py", "int"): NUMBER,
    ("parity/wire/sent.py", "int"): NUMBER,
    ("parity/wire/sse.py", "splitlines"): OCTETS,
    ("shared_handlers/accept.py", "float"): NUMBER,
    ("shared_handlers/codings.py", "float"): NUMBER,
    ("shared_handlers/content.py", "int"): NUMBER,
    ("shared_handlers/endpoints/chat.py", "strip"): LANGUAGE,
    ("shared_handlers/endpoints/probe_identity.py", "title"): "the name of somebody made up",
    ("shared_handlers/endpoints/static.py", "int"): NUMBER,
    ("shared_handlers/grammar.py", "upper"): CHECKED,
    ("shared_handlers/http_date.py", "split"): OURS,
    ("shared_handlers/identity/tokens.py", "int"): NUMBER,
    ("shared_handlers/multipart.py", "lower"): OCTETS,
    ("shared_handlers/parameters.py", "strip"): LANGUAGE,
}
"""By file and by what it uses."""
