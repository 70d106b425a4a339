"""What varies and keeps to no class is set aside where it was seen to, and nowhere else."""

from __future__ import annotations

import itertools

from samewire.replay.tests.handled import Asked, Handler, handled, replayed, text
from samewire.tests.scripted import Serve
from samewire.traffic import Record

WORDS = ["lorem", "ipsum", "dolor", "sit", "amet", "consectetur", "adipiscing", "elit", "sed", "do"]


def prices(price: str) -> Handler:
    numbers = itertools.count()

    def answer(asked: Asked) -> bytes:
        if not asked.target.startswith("/x/9"):
            return text(f"price is {price} euro")
        number = next(numbers)
        return text(" ".join(WORDS[number % 7 : number % 7 + 2 + number % 3]))

    return answer


async def test_random_text_of_one_record_excuses_no_other_record_of_its_route(serve: Serve) -> None:
    old, new = await serve(handled(prices("ten"))), await serve(handled(prices("twelve")))
    records = [Record(f"r:{number}", target=f"/x/{id}") for number, id in enumerate((91, 2, 3), start=1)]
    found = await replayed(old, new, records)
    assert [pair.case for pair in found.pairs if pair.differences] == ["r:2", "r:3"]


async def test_every_record_of_random_text_is_learnt_for_itself(serve: Serve) -> None:
    old, new = await serve(handled(prices("ten"))), await serve(handled(prices("ten")))
    records = [Record(f"r:{number}", target=f"/x/9{number}") for number in range(1, 13)]
    found = await replayed(old, new, records)
    assert [pair.case for pair in found.pairs] == []
    assert {(place.place, place.kind) for place in found.noise if not place.checked} == {("body", "unclassified")}
