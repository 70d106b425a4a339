"""Text from a server or a file, read as ASCII (RFC 9110 section 5.6): the methods of `str` know all of Unicode.

Two values that differ for whoever reads bytes must differ here: `str.lower` makes one of `K` and the Kelvin sign, `str.strip`
takes off a byte A0 that was read as Latin-1. A to Z have a lower case, blanks are SP and HTAB, digits are 0 to 9. The
application has its own module of the same functions, for the two halves share no import; a test holds them equal.
"""

from __future__ import annotations

_LOWER = {letter: letter + 32 for letter in range(ord("A"), ord("Z") + 1)}


def lower(text: str) -> str:
    """Return the text with A to Z in lower case; every other character stays what it is."""
    return text.lower() if text.isascii() else text.translate(_LOWER)


def strip(text: str) -> str:
    """Return the text without the optional whitespace around it: SP and HTAB (RFC 9110 section 5.6.3)."""
    return text.strip(" \t")


def is_digits(text: str) -> bool:
    """Return whether the text is one digit or more, 0 to 9, and nothing else (1*DIGIT of RFC 5234)."""
    return text.isascii() and text.isdigit()


def whole_number(text: str) -> int:
    """Return the number that the digits are; ValueError for a sign, a blank, an underscore, or digits of another script."""
    if not is_digits(text):
        raise ValueError("not a number of digits from 0 to 9")
    return int(text)
