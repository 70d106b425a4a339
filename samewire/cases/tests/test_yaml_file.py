from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from samewire.cases import case, ends, expect, finish, get, hears, match, pauses, post, problem, raw, talk
from samewire.cases.errors import CaseError
from samewire.cases.model import Send
from samewire.cases.yaml_file import parse, read, write

EVERYTHING = (
    case("ROU-02", "an unknown path is 404", "RFC 9110", get("/nope"), expect(404, body=problem(status=404))),
    case(
        "HDR-01.many",
        "names repeat",
        "on: a 'quoted' # sentence",
        get("/", headers=[("A", "1"), ("A", "2")], on="second"),
        expect((200, 204), headers={"vary": match(token="x"), "allow": "GET"}, interim=(100,), on="second"),
        timeout=1.5,
        unsafe=True,
    ),
    case("BOD-01", "bytes", "x", raw("GET /\xff\x00\r\n\u0085\r\n\r\n", delivery=(1, 2)), expect(400)),
    case("BOD-02", "content", "x", post("/", json={"on": "yes", "n": [1, 1.5, None, "010", "12:30"]}), expect(200)),
    case("BOD-03", "a form", "x", post("/", form={"a": "b", "c": "null"}), expect(200)),
    case("STR-01", "stops reading", "x", get("/"), pauses(), finish("reset"), ends("left", on="b")),
    case("WSK-01", "talks", "x", talk("close", code=1000), hears("close", code=1000)),
)


def test_what_is_written_is_read_as_the_same_cases() -> None:
    assert parse(write(EVERYTHING)) == EVERYTHING


@pytest.mark.parametrize(
    "text", ["no", "yes", "on", "Off", "12:30", "010", "0x1f", "1_000", "~", "2026-01-02", "=", "<<"]
)
def test_a_reader_of_yaml_1_1_sees_the_same_text(text: str) -> None:
    written = write([case("A-1", text, "x", get("/", headers={"a": text}), expect(200))])
    (found,) = yaml.safe_load(written)
    assert (found["title"], found["steps"][0]["send"]["headers"]["a"]) == (text, text)
    assert parse(written)[0].title == text


@given(st.text(), st.lists(st.tuples(st.text(), st.text()), max_size=3))
def test_any_text_survives_the_way_there_and_back(text: str, lines: list[tuple[str, str]]) -> None:
    written = case("A-1", text, text, raw(text), get(text, headers=lines), expect(200, reason=text))
    assert parse(write([written])) == (written,)


def test_only_what_differs_from_the_defaults_is_written() -> None:
    text = write([case("A-1", "title", "why", get("/x"), expect(200, headers={"allow": "GET"}))])
    assert text.splitlines() == [
        "- id: A-1",
        "  title: title",
        "  why: why",
        "  steps:",
        "    - send:",
        "        target: /x",
        "    - receive:",
        "        status: 200",
        "        headers:",
        "          allow: GET",
    ]


def test_content_that_is_null_is_kept_apart_from_no_content() -> None:
    (found,) = parse(write([case("A-1", "t", "w", post("/", json=None), expect(200))]))
    sent = found.steps[0]
    assert isinstance(sent, Send)
    assert "json_value" in sent.send.model_fields_set


def test_the_key_on_is_a_word_and_not_a_boolean() -> None:
    found = parse("{id: A-1, title: t, why: w, steps: [{send: {target: /}, on: second}]}")
    assert found[0].steps[0].on == "second"


def test_documents_hold_a_case_or_a_list_of_cases() -> None:
    one = "id: A-{}\ntitle: t\nwhy: w\nsteps: [{{send: {{}}}}]\n"
    text = one.format(1) + "---\n" + "\n".join("- " + one.format(n).replace("\n", "\n  ") for n in (2, 3))
    assert [found.id for found in parse(text)] == ["A-1", "A-2", "A-3"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("\n- id: A-1\n  title: t\n  why: w\n  steps: [{sned: {}}]\n", "cases:2: case A-1: steps.0"),
        ("- id: A-1\n  title: t\n  titel: x\n", "titel: Extra inputs"),
        ("- 5", "cases:1: here a case must stand"),
        ("id: A-1\nid: A-2\n", "cases:2: is not YAML: the key 'id' is given twice"),
        ("a: [", "is not YAML"),
        ("a: \x07", "is not YAML"),
        ("[" * 100_000, "nested too deeply"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(text: str, said: str) -> None:
    with pytest.raises(CaseError) as raised:
        parse(text)
    assert said in str(raised.value)


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(CaseError, match=r"none.yaml: can't be read: No such file"):
        read(tmp_path / "none.yaml")
    (tmp_path / "bad.yaml").write_bytes(b"id: \xff")
    with pytest.raises(CaseError, match="is not UTF-8 at byte 4"):
        read(tmp_path / "bad.yaml")
