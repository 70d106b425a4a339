"""Pages: Jinja templates with one style, under a policy by which only what stands in them may run."""

from __future__ import annotations

import base64
import hashlib
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from shared_handlers.message import Field


class Pages:
    """Renders templates of this package; `script` is the template of what runs in them, if anything does."""

    def __init__(self, script: str | None = None) -> None:
        self._templates = Environment(
            loader=PackageLoader("shared_handlers"), autoescape=True, undefined=StrictUndefined
        )
        self._style = self._text("page.css.jinja")
        self._script = self._text(script) if script else ""
        runs = f"script-src '{_hash(self._script)}'; connect-src 'self'; " if script else ""
        styled = f"default-src 'none'; style-src '{_hash(self._style)}'; "
        rest = "img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
        self.fields: tuple[Field, ...] = (
            ("Content-Type", "text/html; charset=utf-8"),
            ("Cache-Control", "no-cache"),
            ("Content-Security-Policy", styled + runs + rest),
        )
        """Of every page: CSP level 3, and its type."""

    def render(self, name: str, **values: Any) -> bytes:
        """The template with these values, each escaped."""
        style, script = Markup(self._style), Markup(self._script)  # noqa: S704  (our own files)
        return self._templates.get_template(name).render(style=style, script=script, **values).encode()

    def _text(self, name: str) -> str:
        return self._templates.get_template(name).render()


def _hash(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"
