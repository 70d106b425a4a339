"""Signing in and out, as far as it needs no provider."""

from __future__ import annotations

from contract_tests.shorthand import login
from samewire.cases import Case, absent, case, expect, get, json, post, problem

TOKEN = "RFC 6749 section 5.2: an error is JSON with a code; contract: nothing more."
_ANN = json({"/valid": True, "/user_info/id": "ann-${run}"})
_JSON = {"Content-Type": "application/json"}

CASES: tuple[Case, ...] = (
    case(
        "OAU-17",
        "the configuration names the providers, of which there are none here",
        "Contract: never a secret.",
        get("/api/oauth/config"),
        expect(200, headers={"Cache-Control": "no-store"}, body=json(equals={"providers": {}})),
    ),
    case(
        "OAU-17.unknown",
        "a provider that there is not is 404",
        "RFC 9110 section 15.5.5.",
        get("/oauth/login/nobody"),
        expect(404, headers={"Location": absent()}, body=problem()),
        get("/oauth/callback/nobody?code=a&state=b"),
        expect(404, headers={"Location": absent(), "Set-Cookie": absent()}, body=problem()),
    ),
    case(
        "OAU-18",
        "a token for nothing is invalid_request, and no cache keeps that",
        TOKEN,
        post("/api/oauth/token", json={"provider": "nobody", "code": "a"}, headers=_JSON),
        expect(400, headers={"Cache-Control": "no-store"}, body=json(equals={"error": "invalid_request"})),
        post("/api/oauth/token", json=[1], headers=_JSON),
        expect(400, body=json(equals={"error": "invalid_request"})),
        get("/api/oauth/token"),
        expect(405, headers={"Allow": "OPTIONS, POST"}, body=problem()),
    ),
    case(
        "OAU-19",
        "a token is good until its user logs out",
        "Contract: revoked on every server.",
        *login(),
        get("/api/oauth/validate", headers={"Authorization": "Bearer ${token}"}),
        expect(200, headers={"Cache-Control": "no-store"}, body=_ANN),
        post("/api/oauth/logout", text="", headers={"Authorization": "Bearer ${token}"}),
        expect(200, body=json(equals={"success": True})),
        get("/api/oauth/validate", headers={"Authorization": "Bearer ${token}"}),
        expect(401, headers={"WWW-Authenticate": 'Bearer realm="nlweb", error="invalid_token"'}, body=problem()),
        post("/api/oauth/logout", text="", headers={"Authorization": "Bearer ${token}"}),
        expect(200, body=json(equals={"success": True})),
    ),
    case(
        "OAU-19.session",
        "a session too, but only by a page of this site, whatever the method",
        "RFC 6265bis section 8.2.",
        *login(),
        get("/api/oauth/validate", headers={"Cookie": "${cookie}"}),
        expect(200, body=_ANN),
        get("/api/oauth/logout", headers={"Cookie": "${cookie}", "Sec-Fetch-Site": "cross-site"}),
        expect(403, body=problem()),
        post("/api/oauth/logout", text="", headers={"Cookie": "${cookie}", "Sec-Fetch-Site": "same-origin"}),
        expect(200, headers={"Set-Cookie": "session=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax"}),
        get("/api/oauth/validate", headers={"Cookie": "${cookie}"}),
        expect(401, body=problem()),
    ),
    case(
        "OAU-19.nobody",
        "nobody is 401, and may log out all the same",
        "Contract.",
        get("/api/oauth/validate"),
        expect(401, headers={"WWW-Authenticate": 'Bearer realm="nlweb"'}, body=problem()),
        post("/api/oauth/logout", text="", headers={"Sec-Fetch-Site": "same-origin"}),
        expect(200, body=json(equals={"success": True})),
    ),
)
