"""Nothing that a server sent can break out of a report, whatever the format."""

from __future__ import annotations

import json as json_module
import re
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import pytest

from samewire.comparison import Comparison
from samewire.report.found import Found
from samewire.report.github import workflow_commands
from samewire.report.html import page
from samewire.report.json_file import found_json, json_text
from samewire.report.junit import found_xml
from samewire.report.markdown import found_markdown
from samewire.report.outputs import Outputs, write_outputs
from samewire.report.sarif import found_sarif
from samewire.report.terminal import Screen
from samewire.report.tests.made import AT, DIFFERS, EVERYTHING, HOSTILE, gate, load, run
from samewire.result import CheckedCase, CheckResult, DiffResult, Failure

TODAY = AT.date()
CHECKS = (
    CheckResult("t", (CheckedCase("A-1", "holds", "why", run("t", Failure("body", "x", HOSTILE)), "curl"),)),
    CheckResult("u", (), (f"u: {HOSTILE}",), ("A-7",)),
)
WHOLE = Found((Comparison(EVERYTHING, DiffResult("old", "old (again)", (DIFFERS,)), load(), gate=gate()),))
CHECKED = Found((Comparison(EVERYTHING),), CHECKS)
ALONE = Found((), CHECKS)
FORMATS: dict[str, Callable[[Found], str]] = {
    "json": lambda found: json_text(found_json(found, TODAY)),
    "junit": found_xml,
    "sarif": lambda found: json_text(found_sarif(found)),
    "markdown": lambda found: found_markdown(found, TODAY),
    "html": lambda found: page(found, AT),
    "github": lambda found: workflow_commands(found, TODAY),
}


class Tags(HTMLParser):
    """What a page is made of."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.names: list[str] = []
        self.links: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.append(tag)
        self.links += [value for name, value in attrs if name in ("href", "src") and value]


@pytest.mark.parametrize("found", [WHOLE, CHECKED, ALONE, Found()], ids=["whole", "checked", "alone", "nothing"])
@pytest.mark.parametrize("format", FORMATS)
def test_no_format_lets_a_control_character_or_a_secret_through(format: str, found: Found) -> None:
    text = FORMATS[format](found)
    if format in ("json", "sarif"):
        text = str(json_module.loads(text)) if format == "sarif" else ""
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f]", text)
    assert "verysecret" not in FORMATS[format](found)


@pytest.mark.parametrize("found", [WHOLE, CHECKED, ALONE], ids=["whole", "checked", "alone"])
def test_junit_is_well_formed(found: Found) -> None:
    assert ElementTree.fromstring(found_xml(found).encode()).tag == "testsuites"  # noqa: S314 - our own text


@pytest.mark.parametrize("found", [WHOLE, CHECKED, ALONE], ids=["whole", "checked", "alone"])
def test_the_page_escapes_what_a_server_sent_and_loads_nothing(found: Found) -> None:
    text = page(found, AT)
    tags = Tags(text)
    assert tags.names.count("script") == 1
    assert not [link for link in tags.links if not link.startswith("#")]
    assert "&lt;script&gt;alert(1)" in text


def test_markdown_has_no_markup_of_a_server_and_mentions_nobody() -> None:
    evil = "a|b @someone [x](http://h/) `c` <img src=x> #12 </pre></details>"
    text = found_markdown(Found((), (CheckResult("t", (), (evil,)), CheckResult(evil, ()))), TODAY)
    outside = re.sub("<pre>.*?</pre>|<code>.*?</code>", "", text, flags=re.DOTALL)
    for said in ("@", "|", "](", "`", "<img"):
        assert said not in outside
    assert "</details>" not in text
    assert Tags(text).names.count("img") == 0


def test_a_workflow_command_is_one_line_each_whatever_a_server_sent() -> None:
    assert HOSTILE.startswith("</pre>")
    lines = workflow_commands(WHOLE, TODAY).splitlines()
    assert len(lines) >= 4
    assert all(re.match(r"::(error|warning|notice) title=[^:,]*::[^\r\n]*$", line) for line in lines)


def test_the_terminal_shows_no_control_character(capsys: pytest.CaptureFixture[str]) -> None:
    for verbose in (False, True):
        screen = Screen(verbose=verbose)
        for check in CHECKS:
            screen.check(check)
        screen.comparison(WHOLE.comparisons[0])
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f]", capsys.readouterr().out)


def test_every_file_that_is_asked_for_is_written_in_utf_8(tmp_path: Path) -> None:
    names = ("json", "junit", "sarif", "markdown", "html")
    json, junit, sarif, markdown, html = files = [tmp_path / "made" / name for name in names]
    write_outputs(WHOLE, Outputs(json, junit, sarif, markdown, html), AT)
    for file in files:
        assert file.read_bytes().decode("utf-8")
