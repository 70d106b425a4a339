"""How well what is written stands out from what it is written on (WCAG 2.2, success criterion 1.4.3)."""

from __future__ import annotations

from functools import reduce
from typing import NamedTuple

from selenium.webdriver.support.color import Color

from tests.browser.screen import Screen

ENOUGH = 4.5
"""The least ratio for text of ordinary size."""

_WRITTEN = """
const paper = document.documentElement.appendChild(document.createElement("i"));
paper.style.backgroundColor = "Canvas";
const canvas = getComputedStyle(paper).backgroundColor;
paper.remove();
const fields = "input:not([type=hidden], [type=checkbox]), select";
const written = (element) =>
  element.matches(fields) || [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim());
const found = [];
for (const element of document.body.querySelectorAll(":not(script, option)")) {
  if (!written(element) || !element.checkVisibility()) continue;
  const layers = [];
  let opacity = 1;
  for (let under = element; under; under = under.parentElement) {
    layers.unshift(getComputedStyle(under).backgroundColor);
    opacity *= getComputedStyle(under).opacity;
  }
  const hint = element.matches(":placeholder-shown") ? "::placeholder" : null;
  if (hint) opacity *= getComputedStyle(element, hint).opacity;
  const text = element.value || element.placeholder || element.textContent;
  found.push([text.trim(), getComputedStyle(element, hint).color, opacity, [canvas, ...layers]]);
}
return found;
"""


class Mix(NamedTuple):
    """A colour as it is on the screen, each part 0 to 255."""

    red: float
    green: float
    blue: float

    @property
    def luminance(self) -> float:
        """0 black to 1 white."""
        shares = (part / 255 for part in self)
        red, green, blue = (s / 12.92 if s <= 0.04045 else ((s + 0.055) / 1.055) ** 2.4 for s in shares)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue


class Writing(NamedTuple):
    """One text with the two colours it is seen in."""

    text: str
    ink: Mix
    paper: Mix

    @property
    def ratio(self) -> float:
        """1 invisible to 21 black on white."""
        dark, light = sorted((self.ink.luminance, self.paper.luminance))
        return (light + 0.05) / (dark + 0.05)


def writings(screen: Screen) -> list[Writing]:
    """Everything that is written on the page now, hints in empty fields too."""
    return [_writing(*found) for found in screen.run(_WRITTEN)]


def _writing(text: str, ink: str, opacity: float, layers: list[str]) -> Writing:
    paper = reduce(_over, layers, Mix(255, 255, 255))
    return Writing(text, _over(paper, ink, opacity), paper)


def _over(below: Mix, colour: str, opacity: float = 1.0) -> Mix:
    """What is seen of a colour that lets through what is below it."""
    above = Color.from_string(colour)
    share = float(above.alpha) * opacity
    return Mix(*(b + (a - b) * share for a, b in zip((above.red, above.green, above.blue), below, strict=True)))
