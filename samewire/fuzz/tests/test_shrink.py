"""Examples are made as small as what they show allows, in a bounded number of tries."""

from __future__ import annotations

from samewire.fuzz.example import Example, Kind, Part, Plain, Turn, Wire
from samewire.fuzz.shrink import shrunk, smaller

LARGE = Example(
    Kind.STATEFUL,
    0,
    (
        Turn(Plain("GET", "/a")),
        Turn(
            Plain("POST", "/items/17?page=2&size=3", (("Accept", "text/html"), ("X-A", "b" * 50)), b"x" * 500, (7,)),
            on="other",
            delivery=(3, 9),
        ),
        Turn(Plain("GET", "/b")),
    ),
)


async def small(example: Example, part: str, tries: int = 1000) -> Example:
    async def shows(candidate: Example) -> bool:
        return part in repr(candidate.turns)

    return await shrunk(example, shows, tries)


async def test_only_the_field_that_matters_is_left() -> None:
    found = await small(LARGE, "'X-A'")
    assert found.turns == (Turn(Plain("GET", "/", (("X-A", "b"),))),)


async def test_only_the_parameter_that_matters_is_left() -> None:
    assert (await small(LARGE, "?size=3")).turns == (Turn(Plain("GET", "/?size=3")),)


async def test_delivery_and_connection_are_kept_where_they_matter() -> None:
    (turn,) = (await small(LARGE, "delivery=(9,)")).turns
    assert (turn.delivery, turn.message) == ((9,), Plain("GET", "/"))
    (turn,) = (await small(LARGE, "on='other'")).turns
    assert turn.message == Plain("GET", "/")


async def test_of_raw_requests_only_the_parts_that_matter_are_left() -> None:
    lines = (b"POST /a/b HTTP/1.1\r\n", b"Host: ${host}\r\n", b"X-A: a\nX-B: b\r\n", b"\r\n", b"abc")
    request = tuple(map(Part, lines))
    found = await small(Example(Kind.WIRE, 0, (Turn(Wire((request, request))),)), "\\nX")
    (turn,) = found.turns
    assert isinstance(turn.message, Wire)
    assert turn.message.data == b"\nX"


async def test_what_nothing_smaller_shows_stays_as_it_is() -> None:
    async def never(_candidate: Example) -> bool:
        return False

    assert await shrunk(LARGE, never) is LARGE


async def test_the_tries_are_bounded() -> None:
    asked: list[Example] = []

    async def shows(candidate: Example) -> bool:
        asked.append(candidate)
        return len(asked) % 2 == 0

    await shrunk(LARGE, shows, 25, at_once=4)
    assert 0 < len(asked) <= 25


def test_nothing_is_smaller_than_the_plainest_request() -> None:
    assert list(smaller(Example(Kind.SEMANTIC, 0, (Turn(Plain("GET", "/")),)))) == []
