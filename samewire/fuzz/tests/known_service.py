"""What is known of the service that the tests fuzz."""

from __future__ import annotations

from samewire.fuzz.example import Plain
from samewire.fuzz.known import Known

KNOWN = Known(
    (
        Plain("GET", "/"),
        Plain("GET", "/echo?q=a&page=1", (("Accept", "application/json"),)),
        Plain("GET", "/file", (("Range", "bytes=0-9"),)),
        Plain("GET", "/items"),
        Plain("POST", "/items", (), b"a thing"),
        Plain("GET", "/items/1"),
        Plain("DELETE", "/items/1"),
    ),
    (("q", "a b"), ("page", "1")),
)
