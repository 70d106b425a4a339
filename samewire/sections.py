"""What the sections of samewire.toml have in common."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field


class Section(BaseModel):
    """Frozen, and closed against keys it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid")


def _path(path: str) -> str:
    if not path.startswith("/"):
        raise ValueError("a path begins with `/`")
    return path


UrlPath = Annotated[str, AfterValidator(_path)]
Names = Annotated[tuple[str, ...], BeforeValidator(lambda given: [given] if isinstance(given, str) else given)]
Positive = Annotated[float, Field(gt=0, allow_inf_nan=False)]
