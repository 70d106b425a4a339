"""Running work to its end."""

from __future__ import annotations

from samewire.interrupt import run


class Large:
    """A result that says when it is written out."""

    written = 0

    def __repr__(self) -> str:
        Large.written += 1
        return "large"


async def work() -> Large:
    return Large()


def test_the_result_is_given_and_never_written_out_on_the_way() -> None:
    assert isinstance(run(work()), Large)
    assert Large.written == 0
