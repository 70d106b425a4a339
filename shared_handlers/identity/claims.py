"""What a token says, every claim held against its type and its size (RFC 7519 section 4.1)."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from shared_handlers.user import User

MAX_SUBJECT, MAX_NAME, MAX_EMAIL = 255, 200, 254
"""Characters: OpenID Connect Core section 2 bounds the subject, RFC 5321 section 4.5.3.1 an address."""
_SHOWN = r"^[^\x00-\x1f\x7f-\x9f]*$"
"""Text without control characters; pydantic itself takes no lone surrogate for a text."""
_LAST_DATE = 253_402_300_799
"""The last second of the year 9999, beyond which nothing here can tell a time."""

Subject = Annotated[str, Field(min_length=1, max_length=MAX_SUBJECT, pattern=_SHOWN)]
Name = Annotated[str, Field(max_length=MAX_NAME, pattern=_SHOWN)]
Email = Annotated[str, Field(max_length=MAX_EMAIL, pattern=_SHOWN)]
_Label = Annotated[str, Field(min_length=1, max_length=64, pattern=r"^[!-~]+$")]
_Scope = Annotated[str, Field(max_length=1_000, pattern=r"^(?:[!#-\[\]-~]+(?: [!#-\[\]-~]+)*)?$")]
"""RFC 6749 section 3.3."""
_Date = Annotated[float, Field(ge=0, le=_LAST_DATE, allow_inf_nan=False)]
"""RFC 7519 section 2, NumericDate: it may have a fraction."""


class Claims(BaseModel):
    """The claims of a token of ours; unknown ones are ignored (RFC 7519 section 4)."""

    model_config = ConfigDict(strict=True, frozen=True, extra="ignore")

    iss: _Label
    aud: _Label
    sub: Subject
    name: Name
    email: Email
    idp: _Label
    scope: _Scope
    iat: _Date
    nbf: _Date = 0
    exp: _Date
    jti: _Label

    @property
    def user(self) -> User:
        return User(self.sub, self.name, self.email, self.idp, frozenset(self.scope.split(" ")) - {""})


def text_of(kind: TypeAdapter[str], value: object) -> str | None:
    """The value, if it is a text of this kind."""
    try:
        return kind.validate_python(value, strict=True)
    except ValidationError:
        return None


SUBJECT, NAME, EMAIL = TypeAdapter[str](Subject), TypeAdapter[str](Name), TypeAdapter[str](Email)
