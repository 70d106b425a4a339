"""Who asks: bearer tokens, and sessions of browsers."""

from __future__ import annotations

from contract_tests.shorthand import follow_up, login
from samewire.cases import Case, absent, case, ends, expect, get, json, match, post, problem, raw

BEARER = "RFC 6750 section 3.1: the error code says what is wrong with the token, and nothing more."
SESSION = "RFC 6265bis section 8.4: who knows an old id must not get into the new session."
_LOGIN = "/probe/login/ann-${run}"
_ME = "/probe/whoami"
_CHALLENGE = 'Bearer realm="nlweb"'
_ANN = json({"/user/id": "ann-${run}"})
_INVALID = {"WWW-Authenticate": f'{_CHALLENGE}, error="invalid_token"'}


def _refused(id: str, title: str, authorization: str, error: str, status: int = 401) -> Case:
    return case(
        id,
        title,
        BEARER,
        get(_ME, headers={"Authorization": authorization}),
        expect(status, headers={"WWW-Authenticate": f'{_CHALLENGE}, error="{error}"'}, body=problem()),
        *follow_up(),
    )


CASES = (
    case(
        "AUT-01",
        "a token opens what only users may have",
        "RFC 6750 section 2.1.",
        *login(),
        get(_ME, headers={"Authorization": "Bearer ${token}"}),
        expect(200, headers={"Cache-Control": "no-store"}, body=_ANN),
    ),
    case(
        "AUT-02",
        "without credentials it is 401, and the challenge has no error",
        "RFC 6750 section 3: nothing was offered, so nothing is wrong with it.",
        get(_ME),
        expect(401, headers={"WWW-Authenticate": _CHALLENGE}, body=problem()),
        *follow_up(),
    ),
    case(
        "AUT-02.other-scheme",
        "credentials of another scheme are none",
        "RFC 9110 section 11.6.1.",
        get(_ME, headers={"Authorization": "Basic YTpi"}),
        expect(401, headers={"WWW-Authenticate": _CHALLENGE}, body=problem()),
    ),
    _refused("AUT-03", "a token that nobody gave out is 401 invalid_token", "Bearer abc.def.ghi", "invalid_token"),
    _refused(
        "AUT-03.unsigned",
        "a token that says it needs no signature is 401",
        "Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJyb290IiwianRpIjoiYSIsImV4cCI6OTk5OTk5OTk5OX0.",
        "invalid_token",
    ),
    case(
        "AUT-03.changed",
        "a token with another byte at its end is 401",
        BEARER,
        *login(),
        get(_ME, headers={"Authorization": "Bearer ${token}A"}),
        expect(401, headers=_INVALID, body=problem()),
    ),
    case(
        "AUT-04",
        "a token without the scope is 403 insufficient_scope",
        BEARER,
        *login(),
        get("/probe/admin", headers={"Authorization": "Bearer ${token}"}),
        expect(
            403,
            headers={"WWW-Authenticate": f'{_CHALLENGE}, error="insufficient_scope", scope="admin"'},
            body=problem(),
        ),
    ),
    case(
        "AUT-04.with",
        "a token with the scope is enough",
        BEARER,
        *login(scope="admin"),
        get("/probe/admin", headers={"Authorization": "Bearer ${token}"}),
        expect(200, body=_ANN),
    ),
    _refused("AUT-05", "a token with a blank in it is 400 invalid_request", "Bearer a b", "invalid_request", 400),
    _refused("AUT-05.empty", "a scheme without a token is 400 invalid_request", "Bearer", "invalid_request", 400),
    case(
        "AUT-06",
        "the name of the scheme may be written in any case",
        "RFC 9110 section 11.1.",
        *login(),
        get(_ME, headers={"Authorization": "bEaReR ${token}"}),
        expect(200, body=_ANN),
    ),
    case(
        "AUT-08",
        "two Authorization lines are 400",
        "RFC 9110 section 11.6.2: the field has one value; two are two users.",
        raw("GET /probe/whoami HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer a\r\nAuthorization: Bearer b\r\n\r\n"),
        expect(400, body=problem()),
    ),
    case(
        "AUT-09",
        "a token in the query is not looked at",
        "RFC 6750 section 2.3: it would stand in logs and histories.",
        *login(),
        get("/probe/whoami?access_token=${token}"),
        expect(401, headers={"WWW-Authenticate": _CHALLENGE}),
    ),
    case(
        "AUT-10",
        "a session alone changes nothing: another site's page could have asked",
        "RFC 6265bis section 8.2; the contract asks for Sec-Fetch-Site or Origin of this site.",
        *login(),
        post(_ME, text="", headers={"Cookie": "${cookie}"}),
        expect(403, body=problem()),
        post(_ME, text="", headers={"Cookie": "${cookie}", "Origin": "https://stranger.example"}),
        expect(403, body=problem()),
        post(_ME, text="", headers={"Cookie": "${cookie}", "Sec-Fetch-Site": "cross-site"}),
        expect(403, body=problem()),
        post(_ME, text="", headers={"Cookie": "${cookie}", "Sec-Fetch-Site": "same-origin"}),
        expect(200, body=_ANN),
    ),
    case(
        "AUT-12",
        "no way of writing the path gets past the door",
        "Contract: the door stands before the endpoint, not before a path.",
        get("/probe/%77hoami"),
        expect(401),
        get("//probe/whoami"),
        expect(404),
        get("/probe/./whoami"),
        expect((401, 404)),
    ),
    case(
        "AUT-13",
        "who is not let in is told before the content is asked for",
        "RFC 9110 section 10.1.1: a final answer instead of 100 (Continue).",
        post(_ME, text="0123456789", headers={"Expect": "100-continue"}, part="head"),
        expect(401, interim=(), body=problem()),
        ends("closed"),
    ),
    case(
        "SES-03",
        "the cookie of a session is kept from scripts and from other sites, and for so long",
        "RFC 6265bis section 4.1.",
        post(_LOGIN, text=""),
        expect(
            200,
            headers={
                "Set-Cookie": match(matches=r"session=[A-Za-z0-9_-]{43}; Path=/; Max-Age=86400; HttpOnly; SameSite=Lax")
            },
        ),
    ),
    case(
        "SES-09",
        "a session that is not known is none",
        "Contract: whether it expired, was changed or never was is nobody's business.",
        get(_ME, headers={"Cookie": "session=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}),
        expect(401, headers={"Set-Cookie": absent()}, body=problem()),
        get(_ME, headers={"Cookie": "session=short"}),
        expect(401),
    ),
    case(
        "SES-10",
        "a new login begins a new session and ends the one before",
        SESSION,
        *login(),
        post(_LOGIN, text="", headers={"Cookie": "${cookie}"}),
        expect(200, keep={"next": "Set-Cookie"}),
        get(_ME, headers={"Cookie": "${cookie}"}),
        expect(401),
        get(_ME, headers={"Cookie": "${next}"}),
        expect(200, body=_ANN),
    ),
    case(
        "SES-13",
        "what belongs to a session is stored by no cache",
        "RFC 9111 section 3.5.",
        *login(),
        get(_ME, headers={"Cookie": "${cookie}"}),
        expect(200, headers={"Cache-Control": "no-store"}),
    ),
)
