"""How an answer's content was spread over the time that the answer took."""

from __future__ import annotations

from samewire.exchange import Answer


def share(answer: Answer) -> float | None:
    """The share of the answer's duration that lies between its first content and its last, from 0 to 1.

    The duration counts from the request's first byte. Content that came in one piece has the share 0. None without
    content, or when the answer is not whole.
    """
    times = [chunk.at for chunk in answer.chunks if chunk.data]
    if not answer.complete or not times or times[-1] <= 0:
        return None
    return max(0.0, times[-1] - times[0]) / times[-1]
