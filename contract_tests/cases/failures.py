"""Failures: the same form for each of them, and nothing of the inside in it."""

from __future__ import annotations

from contract_tests.shorthand import follow_up, without
from samewire.cases import Case, Content, case, expect, get, problem

SAME = "Contract: an error raised and an error returned are one answer."
INSIDE = "RFC 9110 section 15.6.1 names a condition, not its cause; contract: no exception's text leaves the server."
ABORT = "RFC 9112 section 8: an answer cut off before its last chunk is incomplete, which is how failure is told."
PROBLEM = "RFC 9457 section 3.1: type, status, title, detail and instance."

CASES: tuple[Case, ...] = (
    *(
        case(
            f"ERR-02.{kind}",
            f"an error is the same answer when the endpoint {verb} it",
            SAME,
            get(f"/probe/raise/{kind}"),
            expect(
                409,
                headers={"X-Probe": "conflict"},
                body=problem(title="Conflict", detail="The probe conflicts, as it was told to."),
            ),
        )
        for kind, verb in (("http", "raises"), ("return", "returns"))
    ),
    case(
        "ERR-03",
        "an unforeseen exception is 500 and tells nothing",
        INSIDE,
        get("/probe/raise/error"),
        expect(500, body=Content(problem=True, text=without("secret|Runtime|Traceback|exception"))),
        *follow_up(),
    ),
    case(
        "ERR-04",
        "a stream that fails is cut off without an end",
        ABORT,
        get("/probe/stream-error/3"),
        expect(200, framing="chunked", complete=False),
    ),
    case(
        "ERR-04.first",
        "a stream that fails ahead of its first piece does not look complete",
        ABORT,
        get("/probe/stream-error/0"),
        expect((200, 500), complete=False),
    ),
    *(
        case(
            f"ERR-05.{kind}",
            f"an endpoint that returns {what} is 500, and the connection goes on",
            "Contract: an endpoint's mistake is the server's error.",
            get(f"/probe/raise/{kind}"),
            expect(500, body=Content(problem=True, text=without("NoneType|not a Response"))),
            *follow_up(),
        )
        for kind, what in (("none", "nothing"), ("text", "a text"))
    ),
    case(
        "ERR-06",
        "a problem has its five members and no more",
        PROBLEM,
        get("/nowhere", headers={"X-Request-ID": "error-06"}),
        expect(
            404,
            body=Content(
                problem=True,
                json_equals={
                    "type": "about:blank",
                    "title": "Not Found",
                    "status": 404,
                    "detail": "There is nothing at this path.",
                    "instance": "error-06",
                },
            ),
        ),
    ),
    case(
        "ERR-07",
        "an error is a problem in JSON even for a browser",
        "RFC 9110 section 12.1: a server may send what it has; the contract has one form of error.",
        get("/nowhere", headers={"Accept": "text/html"}),
        expect(404, body=problem()),
    ),
)
