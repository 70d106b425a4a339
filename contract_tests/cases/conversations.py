"""Conversations: made, listed, changed by one at a time, appended to once, and nobody else's business."""

from __future__ import annotations

from pydantic import JsonValue

from contract_tests.shorthand import STRANGER, login
from samewire.cases import Case, absent, case, expect, get, head, json, json_at, match, post, problem, request
from samewire.cases.model import Receive, Send

CREATED = "RFC 9110 section 15.3.2: 201 names what was made in Location."
LOST = "RFC 9110 section 13.1.1 and RFC 6585 section 3: who changes what another one has changed must learn it."
OWN = "RFC 9110 section 15.5.5: 404 also for what the client must not know to be there."
PATCH = "RFC 7396 and RFC 5789 section 2.2."
ONCE = "draft-ietf-httpapi-idempotency-key-header section 2: a request that is sent again is not carried out again."
LIMITS = "RFC 9110 section 15.5.21: what is well-formed and still can't be taken is 422, with the place."
_ALL = "/api/conversations"
_ASK = "/ask?query=teapot&site=http_status"
_MERGE = "application/merge-patch+json"
_PRIVATE = "private, no-store"


def _as(name: str = "token", **more: str) -> dict[str, str]:
    return {"Authorization": f"Bearer ${{{name}}}"} | {key.replace("_", "-"): value for key, value in more.items()}


def _send(target: str, body: JsonValue, name: str = "token", **more: str) -> Send:
    return post(target, json=body, headers=_as(name, Content_Type="application/json", **more))


def _made(title: str = "A") -> tuple[Send | Receive, ...]:
    """Somebody with a conversation: `path` and `etag` are kept."""
    return (
        *login(),
        _send(_ALL, {"title": title}),
        expect(201, keep={"path": "Location", "etag": "ETag", "id": "/id"}),
    )


def _append(content: str, **more: str) -> Send:
    return _send("${path}/messages", {"content": content}, **more)


def _patch(body: JsonValue, kind: str = _MERGE, **more: str) -> Send:
    return request("PATCH", "${path}", json=body, headers=_as(Content_Type=kind, **more))


_WRONG_PATCHES: tuple[tuple[str, str, JsonValue], ...] = (
    ("number", "a number for its title", {"title": 1}),
    ("member", "a member that there is not", {"title": "B", "owner": "bob"}),
    ("long", "too long a title", {"title": "x" * 201}),
    ("array", "an array for its object", ["title"]),
)
_WRONG_MESSAGES: tuple[tuple[str, str, JsonValue, str], ...] = (
    ("empty", "without text", {"content": ""}, "content: String should have at least 1 character."),
    ("none", "without content", {}, "content: Field required."),
    (
        "long",
        "of more than 32,000 characters",
        {"content": "x" * 32_001},
        "content: String should have at most 32000 characters.",
    ),
    (
        "role",
        "in a role that there is not",
        {"content": "x", "role": "system"},
        "role: Input should be 'user' or 'assistant'.",
    ),
)

CASES: tuple[Case, ...] = (
    case(
        "CNV-01",
        "a conversation is made and can be had at its Location",
        CREATED,
        *login(),
        _send(_ALL, {"title": "On trains"}),
        expect(
            201,
            headers={
                "Location": match(matches=r"/api/conversations/[\w-]{22}"),
                "ETag": '"v1"',
                "Cache-Control": _PRIVATE,
            },
            body=json(
                {"/title": "On trains", "/message_count": 0},
                json_at("/created", matches=r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z"),
            ),
            keep={"path": "Location"},
        ),
        get("${path}", headers=_as()),
        expect(200, headers={"ETag": '"v1"'}, body=json({"/title": "On trains"})),
    ),
    case(
        "CNV-01.bare",
        "it needs no content",
        CREATED,
        *login(),
        post(_ALL, text="", headers=_as()),
        expect(201, body=json({"/title": ""})),
    ),
    case(
        "CNV-01.nobody",
        "it needs somebody whose it is",
        OWN,
        post(_ALL, json={}),
        expect(401, headers={"WWW-Authenticate": 'Bearer realm="nlweb"'}, body=problem()),
    ),
    case(
        "CNV-02",
        "the list comes in parts, newest first, each with the link to the next",
        "RFC 8288 section 3; the contract: nothing is listed twice or left out although more is made meanwhile.",
        *login(),
        *(step for title in ("one", "two", "three") for step in (_send(_ALL, {"title": title}), expect(201))),
        get(f"{_ALL}?limit=2", headers=_as()),
        expect(
            200,
            headers={"Link": match(matches=r'</api/conversations\?limit=2&cursor=[\w-]+>; rel="next"')},
            body=json(
                {"/conversations/0/title": "three", "/conversations/1/title": "two"},
                json_at("/conversations/2", absent=True),
            ),
            keep={"next": "/next"},
        ),
        _send(_ALL, {"title": "four"}),
        expect(201),
        get("${next}", headers=_as()),
        expect(
            200,
            headers={"Link": absent()},
            body=json({"/conversations/0/title": "one", "/next": None}, json_at("/conversations/1", absent=True)),
        ),
    ),
    *(
        case(
            f"CNV-02.{name}",
            f"a list with {what} is 400",
            "Contract: no cursor but those given out; limits from 1 to 100.",
            *login(),
            get(f"{_ALL}?{query}", headers=_as()),
            expect(400, body=problem()),
        )
        for name, what, query in (
            ("cursor", "a cursor that was made up", "cursor=abc"),
            ("zero", "a limit of zero", "limit=0"),
            ("many", "a limit beyond 100", "limit=101"),
        )
    ),
    case(
        "CNV-03",
        "what another one made is not there, whatever is asked of it",
        OWN,
        *_made(),
        *login("bob-${run}", name="other"),
        get("${path}", headers=_as("other")),
        expect(404, body=problem()),
        get("${path}/messages", headers=_as("other")),
        expect(404, body=problem()),
        _send("${path}/messages", {"content": "x"}, "other", If_Match="*"),
        expect(404, body=problem()),
        request("DELETE", "${path}", headers=_as("other", If_Match="*")),
        expect(404, body=problem()),
        get(_ALL, headers=_as("other")),
        expect(200, body=json(equals={"conversations": [], "next": None})),
        get("${path}", headers=_as()),
        expect(200),
    ),
    case(
        "CNV-03.missing",
        "what nobody made is not there either",
        OWN,
        *login(),
        get(f"{_ALL}/AAAAAAAAAAAAAAAAAAAAAA", headers=_as()),
        expect(404, body=problem()),
    ),
    case(
        "CNV-03.known",
        "who has the state already is told so",
        "RFC 9110 section 13.1.2.",
        *_made(),
        get("${path}", headers=_as(If_None_Match="${etag}")),
        expect(304, headers={"ETag": '"v1"'}),
        get("${path}", headers=_as(If_None_Match='"v0", W/"v1"')),
        expect(304),
        get("${path}", headers=_as(If_None_Match='"v0"')),
        expect(200),
    ),
    case(
        "CNV-04",
        "an append with the same Idempotency-Key is the same append",
        ONCE,
        *_made(),
        _append("hello", If_Match="${etag}", Idempotency_Key='"k-1"'),
        expect(201, headers={"ETag": '"v2"'}, body=json({"/number": 1, "/content": "hello", "/role": "user"})),
        _append("hello", If_Match="${etag}", Idempotency_Key='"k-1"'),
        expect(201, headers={"ETag": '"v2"'}, body=json({"/number": 1, "/content": "hello"})),
        get("${path}/messages", headers=_as()),
        expect(200, body=json({"/messages/0/content": "hello"}, json_at("/messages/1", absent=True))),
    ),
    case(
        "CNV-04.other",
        "the key of another request is 422, and nothing is appended",
        ONCE,
        *_made(),
        _append("hello", If_Match="*", Idempotency_Key="k-2"),
        expect(201),
        _append("hello again", If_Match="*", Idempotency_Key="k-2"),
        expect(422, body=problem()),
        get("${path}", headers=_as()),
        expect(200, body=json({"/message_count": 1})),
    ),
    case(
        "CNV-04.failed",
        "what failed may be tried again with its key",
        ONCE,
        *_made(),
        _append("hello", If_Match='"v0"', Idempotency_Key="k-3"),
        expect(412),
        _append("hello", If_Match="${etag}", Idempotency_Key="k-3"),
        expect(201),
    ),
    case(
        "CNV-04.create",
        "a conversation with the same key is made once",
        ONCE,
        *login(),
        _send(_ALL, {"title": "A"}, Idempotency_Key="k-4"),
        expect(201, keep={"path": "Location"}),
        _send(_ALL, {"title": "A"}, Idempotency_Key="k-4"),
        expect(201, headers={"Location": "${path}"}),
        get(_ALL, headers=_as()),
        expect(200, body=json({}, json_at("/conversations/1", absent=True))),
    ),
    case(
        "CNV-04.malformed",
        "a key that is too long is 400",
        ONCE,
        *_made(),
        _append("hello", If_Match="*", Idempotency_Key="k" * 256),
        expect(400, body=problem()),
    ),
    case(
        "CNV-05",
        "of two who append to the same state the second is told",
        LOST,
        *_made(),
        _append("first", If_Match="${etag}"),
        expect(201, keep={"etag2": "ETag"}),
        _append("second", If_Match="${etag}"),
        expect(412, headers={"ETag": '"v2"'}, body=problem()),
        _append("second", If_Match="${etag2}"),
        expect(201, headers={"ETag": '"v3"'}, body=json({"/number": 2})),
    ),
    case(
        "CNV-05.missing",
        "who says no state is asked for one",
        LOST,
        *_made(),
        _append("first"),
        expect(428, body=problem()),
        _patch({"title": "B"}),
        expect(428, body=problem()),
        request("DELETE", "${path}", headers=_as()),
        expect(428, body=problem()),
    ),
    case(
        "CNV-05.weak",
        "a weak tag is no state to change",
        "RFC 9110 section 13.1.1: If-Match compares strongly.",
        *_made(),
        _append("first", If_Match='W/"v1"'),
        expect(412),
    ),
    case(
        "CNV-06",
        "a merge patch renames",
        PATCH,
        *_made(),
        _patch({"title": "B"}, If_Match="${etag}"),
        expect(200, headers={"ETag": '"v2"'}, body=json({"/title": "B"})),
        _patch({"title": None}, If_Match='"v2"'),
        expect(200, headers={"ETag": '"v3"'}, body=json({"/title": ""})),
        _patch({}, If_Match='"v3"'),
        expect(200, headers={"ETag": '"v3"'}),
    ),
    case(
        "CNV-06.kind",
        "another kind of patch is 415 and told which is taken",
        PATCH,
        *_made(),
        _patch([{"op": "remove", "path": "/title"}], "application/json-patch+json", If_Match="*"),
        expect(415, headers={"Accept-Patch": _MERGE}, body=problem()),
        _patch({"title": "B"}, "application/json", If_Match="*"),
        expect(415, headers={"Accept-Patch": _MERGE}, body=problem()),
    ),
    *(
        case(
            f"CNV-06.{name}",
            f"a patch with {what} is 422",
            LIMITS,
            *_made(),
            _patch(body, If_Match="*"),
            expect(422, body=problem()),
            get("${path}", headers=_as()),
            expect(200, headers={"ETag": '"v1"'}),
        )
        for name, what, body in _WRONG_PATCHES
    ),
    case(
        "CNV-07",
        "what was deleted is gone, and its messages with it",
        "RFC 9110 section 9.3.5.",
        *_made(),
        _append("hello", If_Match="*"),
        expect(201),
        request("DELETE", "${path}", headers=_as(If_Match="${etag}")),
        expect(412),
        request("DELETE", "${path}", headers=_as(If_Match='"v2"')),
        expect(204),
        request("DELETE", "${path}", headers=_as(If_Match="*")),
        expect(404, body=problem()),
        get("${path}/messages", headers=_as()),
        expect(404),
    ),
    *(
        case(
            f"CNV-10.{name}",
            f"a message {what} is 422, with the place",
            LIMITS,
            *_made(),
            _send("${path}/messages", body, If_Match="*"),
            expect(422, body=problem(detail=detail)),
        )
        for name, what, body, detail in _WRONG_MESSAGES
    ),
    case(
        "CNV-11",
        "markup stays what it was, in JSON that no browser takes for a page",
        "Contract: content is data; X-Content-Type-Options keeps it so.",
        *_made("<script>alert(1)</script>"),
        _append("<img src=x onerror=alert(1)>\u2028\U0001f600", If_Match="*"),
        expect(
            201,
            headers={"Content-Type": "application/json", "X-Content-Type-Options": "nosniff"},
            body=json({"/content": "<img src=x onerror=alert(1)>\u2028\U0001f600"}),
        ),
        get("${path}", headers=_as()),
        expect(200, body=json({"/title": "<script>alert(1)</script>"})),
    ),
    case(
        "CNV-13",
        "what a browser kept is taken over as a whole, once",
        "Contract: all or nothing, and not twice.",
        *login(),
        _send(
            f"{_ALL}/migrate",
            {
                "conversations": [
                    {
                        "id": "b-1",
                        "title": "One",
                        "messages": [{"content": "q"}, {"content": "a", "role": "assistant"}],
                    },
                    {"title": "Two"},
                ]
            },
        ),
        expect(200, body=json(equals={"success": True, "migrated_count": 2})),
        _send(f"{_ALL}/migrate", {"conversations": [{"id": "b-1"}]}),
        expect(200, body=json(equals={"success": True, "migrated_count": 0})),
        get(_ALL, headers=_as()),
        expect(
            200,
            body=json(
                {"/conversations/0/title": "Two", "/conversations/1/message_count": 2},
                json_at("/conversations/2", absent=True),
            ),
        ),
    ),
    case(
        "CNV-13.nothing",
        "of what is wrong in one place nothing is taken",
        "Contract: all or nothing.",
        *login(),
        _send(
            f"{_ALL}/migrate",
            {"conversations": [{"title": "One"}, {"messages": [{"content": ""}]}]},
        ),
        expect(
            422,
            body=problem(detail="conversations.1.messages.0.content: String should have at least 1 character."),
        ),
        get(_ALL, headers=_as()),
        expect(200, body=json(equals={"conversations": [], "next": None})),
    ),
    case(
        "CNV-14",
        "a question with a thread_id is kept with its answer",
        "Contract: both or none, before the answer ends.",
        *_made(),
        post(f"{_ASK}&streaming=false&thread_id=${{id}}", text="", headers=_as()),
        expect(200, body=json({"/query": "teapot"}, json_at("/results/0/name", matches=".*418.*"))),
        get("${path}/messages", headers=_as()),
        expect(
            200,
            body=json(
                {
                    "/messages/0/role": "user",
                    "/messages/0/content": "teapot",
                    "/messages/1/role": "assistant",
                    "/messages/1/answer/query": "teapot",
                },
                json_at("/messages/1/content", matches=".*418.*"),
                json_at("/messages/2", absent=True),
            ),
        ),
    ),
    case(
        "CNV-14.stream",
        "who has seen `complete` knows that the exchange is kept",
        "Contract: both or none, before the answer ends.",
        *_made(),
        post(f"{_ASK}&generate_mode=summarize&thread_id=${{id}}", text="", headers=_as()),
        expect(200, headers={"Content-Type": match(matches="text/event-stream.*")}),
        get("${path}/messages", headers=_as()),
        expect(
            200,
            body=json(
                {"/messages/0/content": "teapot", "/messages/1/role": "assistant"},
                json_at("/messages/1/answer/summary", type="string"),
                json_at("/messages/2", absent=True),
            ),
        ),
    ),
    case(
        "CNV-14.failed",
        "of an answer that failed nothing is kept",
        "Contract: both or none.",
        *_made(),
        post("/ask?query=probe:fail+teapot&site=http_status&thread_id=${id}", text="", headers=_as()),
        expect(200),
        get("${path}", headers=_as()),
        expect(200, headers={"ETag": '"v1"'}, body=json({"/message_count": 0})),
    ),
    case(
        "CNV-14.safe",
        "GET and HEAD keep nothing, streamed or whole, by token or by cookie",
        "RFC 9110 section 9.2.1: a page of another site can make a browser send them.",
        *_made(),
        get(f"{_ASK}&thread_id=${{id}}", headers=_as()),
        expect(200),
        get(f"{_ASK}&streaming=false&thread_id=${{id}}", headers=_as()),
        expect(200),
        get(f"{_ASK}&thread_id=${{id}}", headers={"Cookie": "${cookie}", "Sec-Fetch-Site": "cross-site"}),
        expect(200),
        head(f"{_ASK}&thread_id=${{id}}", headers=_as()),
        expect(200),
        get("${path}", headers=_as()),
        expect(200, body=json({"/message_count": 0})),
    ),
    case(
        "CNV-14.foreign",
        "a page of another site keeps nothing by the cookie of a user",
        "RFC 6265bis section 8.2.",
        *_made(),
        post(f"{_ASK}&thread_id=${{id}}", text="", headers={"Cookie": "${cookie}", "Origin": STRANGER}),
        expect(403, body=problem()),
        post(f"{_ASK}&thread_id=${{id}}", text="", headers={"Cookie": "${cookie}", "Sec-Fetch-Site": "same-site"}),
        expect(403, body=problem()),
        post(f"{_ASK}&thread_id=${{id}}", text="", headers={"Cookie": "${cookie}"}),
        expect(403, body=problem()),
        get("${path}", headers=_as()),
        expect(200, body=json({"/message_count": 0})),
        post(f"{_ASK}&thread_id=${{id}}", text="", headers={"Cookie": "${cookie}", "Sec-Fetch-Site": "same-origin"}),
        expect(200),
        get("${path}", headers=_as()),
        expect(200, body=json({"/message_count": 2})),
    ),
    case(
        "CNV-14.others",
        "a thread of nobody's or of another one's is refused before the answer begins",
        OWN,
        *_made(),
        post(f"{_ASK}&thread_id=${{id}}", text=""),
        expect(401, headers={"WWW-Authenticate": 'Bearer realm="nlweb"'}, body=problem()),
        *login("bob-${run}", name="other"),
        post(f"{_ASK}&thread_id=${{id}}", text="", headers=_as("other")),
        expect(404, body=problem()),
    ),
)
