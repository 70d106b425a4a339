"""The site `python_docs`: the language reference and the standard library, as every installation has them."""

from __future__ import annotations

import ast
import importlib.util
import re
import sys
import tokenize
from collections.abc import Iterator
from types import ModuleType

from shared_handlers.nlweb.items import Item, Site, tech_article

VERSION = f"{sys.version_info.major}.{sys.version_info.minor}"
SITE = Site(
    "python_docs",
    f"https://docs.python.org/{VERSION}/",
    "The Python language reference and the modules of the standard library.",
)
_RULE = re.compile(r"^[*=\-~^\"]{3,}$\n?", re.MULTILINE)
_BEFORE_DOCSTRING = {tokenize.ENCODING, tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE}


def items() -> Iterator[Item]:
    """Every topic of the language reference, then every documented public module; nothing is imported for it."""
    yield from _topics()
    yield from _modules()


def _topics() -> Iterator[Item]:
    try:
        from pydoc_data.topics import topics  # some distributions leave it out of a minimal Python
    except ImportError:
        return
    for label, text in sorted(topics.items()):
        title, _, rest = _RULE.sub("", text).strip().partition("\n")
        # The reference does not say on which of its pages a topic stands; its search page finds it by label.
        yield tech_article(SITE, f"{SITE.url}search.html?q={label}", title.replace('"', ""), rest.strip())


def _modules() -> Iterator[Item]:
    for name in sorted(sys.stdlib_module_names):
        docstring = "" if name.startswith("_") else _docstring(name)
        if docstring:
            summary = docstring.strip().partition("\n\n")[0]
            yield tech_article(SITE, f"{SITE.url}library/{name}.html", f"{name} module", docstring.strip(), summary)


def _docstring(name: str) -> str:
    loaded = sys.modules.get(name)
    if isinstance(loaded, ModuleType) and name in sys.builtin_module_names:
        return loaded.__doc__ or ""
    try:
        spec = importlib.util.find_spec(name)
    except (ImportError, ValueError):
        return ""
    if spec is None or spec.origin is None or not spec.origin.endswith(".py"):
        return ""
    return _leading_string(spec.origin)


def _leading_string(path: str) -> str:
    """The docstring of a source file, from its first tokens alone: parsing whole modules takes seconds."""
    try:
        with open(path, "rb") as source:
            for token in tokenize.tokenize(source.readline):
                if token.type == tokenize.STRING:
                    return _evaluated(token.string)
                if token.type not in _BEFORE_DOCSTRING:
                    return ""
    except (OSError, SyntaxError, tokenize.TokenError):
        return ""
    return ""


def _evaluated(literal: str) -> str:
    value = ast.literal_eval(literal)
    return value if isinstance(value, str) else ""
