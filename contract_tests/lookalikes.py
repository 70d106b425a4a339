"""Characters that look like ASCII to `str` and are not, and requests to the letter that have them."""

from __future__ import annotations

from contract_tests.shorthand import follow_up, lines
from samewire.cases import Case, case, raw
from samewire.cases.model import Receive

KELVIN = "\xe2\x84\xaa"
"""U+212A, which `str.lower` makes a `k` of."""
LONG_S = "\xc5\xbf"
"""U+017F, which is an `s` where case is ignored."""
THREE = "\xd9\xa3"
"""U+0663, of which `int` makes 3; `\\d` is it, too."""
WIDE_THREE = "\xef\xbc\x93"
"""U+FF13, the same."""
SUPERSCRIPT = "\xc2\xb3"
"""U+00B3, a digit to `str.isdigit`, of which `int` makes nothing."""
BLANKS = {"nbsp": "\xc2\xa0", "nel": "\xc2\x85", "em-space": "\xe2\x80\x83", "line": "\xe2\x80\xa8", "byte": "\xa0"}
"""U+00A0, U+0085, U+2003, U+2028 and a byte that is no UTF-8, which `str.strip` takes off, the last one read as Latin-1."""

TOKEN = "RFC 9110 section 5.6.2: a token is of ASCII, and compared without case only where that is one of A to Z."
DIGITS = "RFC 5234 appendix B.1: DIGIT is 0 to 9."
BLANK = "RFC 9110 section 5.6.3: optional whitespace is SP and HTAB."
OWN = "Contract: a number is of the digits 0 to 9, a name of ASCII."


def get_line(target: str, *fields: str) -> str:
    return lines(f"GET {target} HTTP/1.1", "Host: ${host}", *fields)


def post_line(target: str, *fields: str, content: str = "") -> str:
    return lines(f"POST {target} HTTP/1.1", "Host: ${host}", *fields, content=content)


def goes_on(id: str, title: str, why: str, bytes: str, answer: Receive) -> Case:
    """Answered so, and the connection goes on: the framing was never in doubt."""
    return case(id, title, why, raw(bytes), answer, *follow_up())
