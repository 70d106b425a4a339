"""permessage-deflate as an extension of wsproto: its own one would decode without a limit, and keep its window."""

from __future__ import annotations

from wsproto.extensions import Extension
from wsproto.frame_protocol import CloseReason, FrameDecoder, FrameProtocol, Opcode, RsvBits

from shared_handlers.deflate import NAME, Broken, Deflate, inflate, most_coded

_NONE, _RSV1 = RsvBits(False, False, False), RsvBits(True, False, False)


class PerMessageDeflate(Extension):
    """Decodes a message once all of it is there, and codes each one that is sent in a frame of its own."""

    name = NAME

    def __init__(self, agreed: Deflate, max_message: int) -> None:
        self._agreed = agreed
        self._max_message = max_message
        self._coded = False
        """Whether the message under way is compressed."""
        self._open = False
        """A frame of a message has ended, and more of them follow."""
        self._control = False
        """Whether the frame under way is a control frame: it may come between those of a message."""
        self._arrived = bytearray()

    def enabled(self) -> bool:
        return True

    def offer(self) -> bool:
        return False

    def frame_inbound_header(
        self, proto: FrameDecoder | FrameProtocol, opcode: Opcode, rsv: RsvBits, payload_length: int
    ) -> CloseReason | RsvBits:
        """RSV1 is for the first frame of a message (RFC 7692 section 6). Also called twice for one head."""
        self._control = opcode.iscontrol()
        if not self._control and opcode is not Opcode.CONTINUATION:
            if self._open:
                return CloseReason.PROTOCOL_ERROR
            self._coded = rsv.rsv1
            self._arrived.clear()
            return _RSV1
        return _NONE

    def frame_inbound_payload_data(self, proto: FrameDecoder | FrameProtocol, data: bytes) -> bytes | CloseReason:
        if self._control or not self._coded:
            return data
        self._arrived += data
        return CloseReason.MESSAGE_TOO_BIG if len(self._arrived) > most_coded(self._max_message) else b""

    def frame_inbound_complete(self, proto: FrameDecoder | FrameProtocol, fin: bool) -> bytes | CloseReason | None:
        if self._control:
            return None
        self._open = not fin
        if self._open or not self._coded:
            return None
        try:
            return inflate(bytes(self._arrived), self._max_message)
        except Broken as broken:
            return CloseReason(broken.code)
        finally:
            self._arrived = bytearray()

    def frame_outbound(
        self, proto: FrameDecoder | FrameProtocol, opcode: Opcode, rsv: RsvBits, data: bytes, fin: bool
    ) -> tuple[RsvBits, bytes]:
        coded = None if opcode.iscontrol() else self._agreed.compressed(bytes(data))
        return (rsv, data) if coded is None else (_RSV1, coded)
