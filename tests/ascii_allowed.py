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
    "samewire/accept/": OURS,
    "samewire/load/": OURS,
    "shared_handlers/nlweb/": LANGUAGE,
    "shared_handlers/settings": OURS,
    "shared_handlers/ascii.py": MODULE,
    "samewire/ascii.py": MODULE,
}
"""By the beginning of the file's path."""

ALLOWED: Mapping[tuple[str, str], str] = {
    ("legacy/fields.py", "lower"): CHECKED,
    ("shared_handlers/http1/readers.py", "int"): NUMBER,
    ("legacy/writer.py", "int"): NUMBER,
    ("samewire/cases/yaml_file.py", "split"): OURS,
    ("samewire/check/json_places.py", "float"): NUMBER,
    ("samewire/compare/classes.py", "float"): NUMBER,
    ("samewire/compare/json_values.py", "Decimal"): NUMBER,
    ("samewire/credentials.py", "strip"): OURS,
    ("samewire/fuzz/breaches.py", "lower"): OCTETS,
    ("samewire/fuzz/causes.py", "lstrip"): OCTETS,
    ("samewire/fuzz/command.py", "float"): NUMBER,
    ("samewire/fuzz/draft.py", "lower"): OCTETS,
    ("samewire/fuzz/semantic.py", "isalnum"): SPELLING,
    ("samewire/fuzz/semantic.py", "swapcase"): SPELLING,
    ("samewire/init/files.py", "splitlines"): OURS,
    ("samewire/init/traffic.py", "capitalize"): SPELLING,
    ("samewire/launch.py", "splitlines"): OCTETS,
    ("samewire/noise/moments.py", "float"): NUMBER,
    ("samewire/noise/numbers.py", "float"): NUMBER,
    ("samewire/noise/tokens.py", "islower"): "whether it looks random, not what it says",
    ("samewire/noise/tokens.py", "isupper"): "whether it looks random, not what it says",
    ("samewire/ports.py", "int"): NUMBER,
    ("samewire/prove/asked.py", "int"): NUMBER,
    ("samewire/prove/asked.py", "split"): OCTETS,
    ("samewire/prove/asked.py", "strip"): OCTETS,
    ("samewire/prove/fault.py", "upper"): OURS,
    ("samewire/prove/faults/contents.py", "int"): NUMBER,
    ("samewire/prove/faults/contents.py", "lower"): OURS,
    ("samewire/prove/faults/fields.py", "lower"): OURS,
    ("samewire/prove/faults/framing.py", "int"): OCTETS,
    ("samewire/prove/faults/leniency.py", "upper"): OCTETS,
    ("samewire/prove/faults/requests.py", "int"): NUMBER,
    ("samewire/prove/faults/requests.py", "lower"): OURS,
    ("samewire/prove/heads.py", "lower"): OURS,
    ("samewire/prove/json_text.py", "re"): OURS,
    ("samewire/prove/parts.py", "int"): NUMBER,
    ("samewire/prove/words.py", "splitlines"): OURS,
    ("samewire/replay/plain.py", "int"): NUMBER,
    ("samewire/report/markdown.py", "capitalize"): OURS,
    ("samewire/report/markdown.py", "isalnum"): "what Markdown could read is ASCII; the rest stands as it is",
    ("samewire/report/marks.py", "re"): LANGUAGE,
    ("samewire/sources/access_log.py", "int"): NUMBER,
    ("samewire/sources/access_log.py", "strip"): OCTETS,
    ("samewire/sources/goreplay.py", "strip"): OCTETS,
    ("samewire/sources/har.py", "splitlines"): OURS,
    ("samewire/sources/openapi.py", "split"): OURS,
    ("samewire/sources/raw.py", "strip"): OCTETS,
    ("samewire/sources/shell.py", "int"): NUMBER,
    ("samewire/wire/awaited.py", "int"): NUMBER,
    ("samewire/wire/content.py", "int"): NUMBER,
    ("samewire/wire/sent.py", "int"): NUMBER,
    ("samewire/wire/sse.py", "splitlines"): OCTETS,
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
