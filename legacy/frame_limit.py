"""The limit of a WebSocket message as an extension of wsproto: held by what a frame's head declares, before any of it comes."""

from __future__ import annotations

from wsproto.extensions import Extension
from wsproto.frame_protocol import CloseReason, FrameDecoder, FrameProtocol, Opcode, RsvBits

from shared_handlers.deflate import most_coded

_NONE = RsvBits(False, False, False)


class FrameLimit(Extension):
    """Refuses (1009) a frame with which its message would be longer than `max_message` bytes, or than a compressed one of
    that length can be where `deflated` was agreed on."""

    name = "limit"

    def __init__(self, max_message: int, deflated: bool) -> None:
        self._max_message = max_message
        self._deflated = deflated
        self._most = max_message
        self._before = self._declared = 0
        """Bytes of the message in frames that have ended, and with the one under way."""
        self._control = False
        """Whether the frame under way is a control frame: it may come between those of a message."""

    def enabled(self) -> bool:
        return True

    def offer(self) -> bool:
        return False

    def frame_inbound_header(
        self, proto: FrameDecoder | FrameProtocol, opcode: Opcode, rsv: RsvBits, payload_length: int
    ) -> CloseReason | RsvBits:
        """Also called twice for one head."""
        self._control = opcode.iscontrol()
        if self._control:
            return _NONE
        if opcode is not Opcode.CONTINUATION:
            self._most = most_coded(self._max_message) if self._deflated and rsv.rsv1 else self._max_message
        self._declared = self._before + payload_length
        return CloseReason.MESSAGE_TOO_BIG if self._declared > self._most else _NONE

    def frame_inbound_complete(self, proto: FrameDecoder | FrameProtocol, fin: bool) -> None:
        if not self._control:
            self._before = 0 if fin else self._declared
