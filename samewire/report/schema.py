"""The JSON Schema of the result."""

from __future__ import annotations

import json

from pydantic import TypeAdapter

from samewire.report.document import Document


def schema() -> str:
    """JSON Schema (2020-12) as indented JSON text that ends in a line feed."""
    described = TypeAdapter[Document](Document).json_schema(mode="serialization")
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "The result of a run of samewire"}
    return json.dumps(head | described, indent=2, ensure_ascii=False) + "\n"
