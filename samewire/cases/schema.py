"""The JSON Schema of a YAML document of cases, for editors and for other tools."""

from __future__ import annotations

import json

from pydantic import TypeAdapter

from samewire.cases.model import Case


def schema() -> str:
    """JSON Schema (2020-12) as indented JSON text that ends in a line feed."""
    described = TypeAdapter(Case | list[Case]).json_schema(by_alias=True, mode="validation")
    head = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A case of the contract, or a list of cases",
    }
    return json.dumps(head | described, indent=2, ensure_ascii=False) + "\n"
