"""What a case talks to a target through, in whichever version of HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from samewire.wire.conversation import Conversation

if TYPE_CHECKING:  # needs an optional extra
    from samewire.wire.http2 import Streams

Dialogue: TypeAlias = "Conversation | Streams"
