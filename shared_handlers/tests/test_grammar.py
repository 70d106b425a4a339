"""The grammar every server checks."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from multidict import CIMultiDict, CIMultiDictProxy

from shared_handlers import grammar
from shared_handlers.errors import HTTPError
from shared_handlers.message import Field, Headers, Request
from shared_handlers.testing import make_request

HOST = ("Host", "localhost")


def headers(*fields: Field) -> Headers:
    return CIMultiDictProxy(CIMultiDict(fields))


def status(request: Request) -> int:
    """200 when the request passes, else the status it is refused with."""
    try:
        grammar.check(request)
    except HTTPError as error:
        return error.status
    return 200


@pytest.mark.parametrize("version", [(1, 2), (2, 0), (3, 0)])
def test_a_version_other_than_1_0_and_1_1_is_505(version: tuple[int, int]) -> None:
    assert status(make_request(version=version)) == 505


def test_a_request_line_without_a_version_is_400() -> None:
    assert status(make_request(version=(0, 9))) == 400


@pytest.mark.parametrize(
    "host",
    ["localhost", "a.example:80", "a.example:", "127.0.0.1:8000", "[::1]", "[::1]:443", "a_b", "xn--a", "a%20b", "a+b"],
)
def test_a_host_with_an_optional_port_passes(host: str) -> None:
    assert status(make_request(headers=[("Host", host)])) == 200


@pytest.mark.parametrize(
    "host",
    [
        "",
        " ",
        "a b",
        "a/b",
        "a,b",
        "u@a",
        "a:b",
        "a:99999",
        "a:123456",
        "[::1",
        "[::zz]",
        "[1]",
        "a#",
        "a?",
        "ä",
        "a\t",
    ],
)
def test_anything_else_as_host_is_400(host: str) -> None:
    assert status(make_request(headers=[("Host", host)])) == 400


def test_a_missing_host_is_400_in_http_1_1_only() -> None:
    assert status(make_request(headers=[])) == 400
    assert status(make_request(headers=[], version=(1, 0))) == 200


def test_a_repeated_host_is_400_in_every_version() -> None:
    assert status(make_request(headers=[HOST, HOST])) == 400
    assert status(make_request(headers=[HOST, HOST], version=(1, 0))) == 400


@pytest.mark.parametrize(
    "target",
    [
        "/",
        "/a%20b",
        "/%C3%A9",
        "/?",
        "/a?b=%ff",
        "//evil/a",
        '/"<>[]^`{|}',
        "http://a.example",
        "HTTP://a/b?c",
        "/a?b?c",
    ],
)
def test_a_well_formed_target_passes(target: str) -> None:
    assert status(make_request(target)) == 200


@pytest.mark.parametrize(
    "target",
    [
        "", "/%zz", "/%", "/%4", "/a?b=%zz", "/%ff", "/%C3", "/%ED%A0%80", "/a#b", "/a?b#c", "/a b", "/\x7f", "/\x00",
        "/é", "/\udce9", "a", "a.example:80", "ftp://a/b", "http://", "http://u@a/b", "http:///b", "/a\r\nb",
    ],
)  # fmt: skip
def test_a_malformed_target_is_400(target: str) -> None:
    assert status(make_request(target)) == 400


def test_the_asterisk_is_for_options_only() -> None:
    assert status(make_request("*", "OPTIONS")) == 200
    assert status(make_request("*", "GET")) == 400


@pytest.mark.parametrize(("method", "target"), [("CONNECT", "a.example:443"), ("CONNECT", "/"), ("TRACE", "/")])
def test_connect_and_trace_are_501(method: str, target: str) -> None:
    assert status(make_request(target, method)) == 501


@pytest.mark.parametrize(
    ("coding", "expected"),
    [
        ("chunked", 200), ("Chunked", 200), (" chunked\t", 200), ("", 400), ("chunked, chunked", 400),
        ("chunked, identity", 400), ('"chunked"', 400), ("chunked;x", 400), ("\x0bchunked", 400), ("chunked,", 400),
        ("gzip, chunked", 501), ("xchunked", 400), ("identity", 400), ("gzip", 400),
    ],
)  # fmt: skip
def test_only_the_chunked_coding_is_known(coding: str, expected: int) -> None:
    assert status(make_request(headers=[HOST, ("Transfer-Encoding", coding)])) == expected


def test_two_transfer_encoding_lines_are_one_list() -> None:
    lines = [("Transfer-Encoding", "chunked"), ("Transfer-Encoding", "chunked")]
    assert status(make_request(headers=[HOST, *lines])) == 400


def test_transfer_encoding_is_400_in_http_1_0_and_beside_a_content_length() -> None:
    coding = ("Transfer-Encoding", "chunked")
    assert status(make_request(headers=[HOST, coding], version=(1, 0))) == 400
    assert status(make_request(headers=[HOST, coding, ("Content-Length", "5")])) == 400


@pytest.mark.parametrize("value", ["100-continue", "100-Continue"])
def test_100_continue_is_the_one_expectation(value: str) -> None:
    grammar.check_expectation((1, 1), headers(("Expect", value)))
    assert grammar.expects_continue((1, 1), headers(("Expect", value)))


@pytest.mark.parametrize("value", ["", "100", "100-continue, x", "bananas"])
def test_another_expectation_is_417(value: str) -> None:
    with pytest.raises(HTTPError) as raised:
        grammar.check_expectation((1, 1), headers(("Expect", value)))
    assert raised.value.status == 417


def test_http_1_0_has_no_expectations() -> None:
    grammar.check_expectation((1, 0), headers(("Expect", "bananas")))
    assert not grammar.expects_continue((1, 0), headers(("Expect", "100-continue")))


@pytest.mark.parametrize(
    ("target", "parts"),
    [
        ("/a?b?c", ("/a", "b?c", None)),
        ("/a", ("/a", "", None)),
        ("//evil/a", ("//evil/a", "", None)),
        ("http://a.example:1/b?c=d", ("/b", "c=d", "a.example:1")),
        ("http://a.example", ("/", "", "a.example")),
        ("http://a.example?x", ("/", "x", "a.example")),
        ("*", ("*", "", None)),
    ],
)
def test_a_target_is_taken_apart_without_decoding(target: str, parts: tuple[str, str, str | None]) -> None:
    assert tuple(grammar.parse_target(target)) == parts


@pytest.mark.parametrize(
    ("path", "routed", "variable"),
    [
        ("/a%2Fb", "/a%2Fb", "/a/b"),
        ("/a%2fb", "/a%2Fb", "/a/b"),
        ("/%252e", "/%252e", "/%2e"),
        ("/a%25b", "/a%25b", "/a%b"),
        ("/%252F", "/%252F", "/%2F"),
        ("/%C3%A9", "/é", "/é"),
        ("/a+b%20c", "/a+b c", "/a+b c"),
        ("/%0A", "/\n", "/\n"),
    ],
)
def test_a_path_is_decoded_once_in_two_steps(path: str, routed: str, variable: str) -> None:
    assert grammar.routing_path(path) == routed
    assert grammar.decode_variable(routed) == variable


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1))
def test_any_text_survives_as_a_variable(text: str) -> None:
    assert grammar.decode_variable(grammar.routing_path(quote(text, safe=""))) == text


@given(
    st.lists(
        st.sampled_from(
            [
                "a",
                "/",
                "%2F",
                "%2f",
                "%25",
                "%2e",
                "%20",
                "%C3%A9",
                "%2B",
                "+",
                ";",
                "%3F",
                "%23",
                "%0A",
                "%00",
                "=",
                "@",
                ":",
                "%22",
                "%5C",
            ]
        )
    )
)
def test_a_path_is_routed_as_yarl_does(parts: list[str]) -> None:
    yarl = pytest.importorskip("yarl")
    path = "".join(parts)
    assert grammar.routing_path("/" + path) == yarl.URL.build(path="/" + path, encoded=True).path_safe
