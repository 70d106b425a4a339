"""Whose an uploaded site is, who may ask it, and what an upload may cost."""

from __future__ import annotations

import base64
import gzip

from contract_tests.cases.uploads import KIND, ROBIN, SITE, WREN, file, form, refused
from contract_tests.shorthand import follow_up, login
from samewire.cases import Case, case, expect, get, json, json_at, post, problem
from samewire.cases.model import Receive, Send

OWNER = "Contract: a site belongs to who made it; others may not add to it, nor tell it from one that is not there."
PUBLIC = "Contract: the field `public`, `true` or `false`, once; without it a site is its owner's alone."
COST = "Contract: lines and decoded bytes are counted while they come, and bounded by what is declared."


def _form_of(site: str = SITE, public: str | None = None, content: str = WREN) -> str:
    return form(*(() if public is None else (('name="public"', public),)), file(content), site=site)


def _by(user: str, content: str) -> Send:
    headers = {"Authorization": f"Bearer ${{{user}}}", "Content-Type": KIND}
    return post("/api/items", text=content, headers=headers)


def _asked_by(user: str | None, status: int = 200, site: str = SITE, **headers: str) -> tuple[Send, Receive]:
    """The one question that `WREN` answers; a site that is not there for somebody is an unknown one."""
    given = {} if user is None else {"Authorization": f"Bearer ${{{user}}}"}
    found = expect(200, headers={"Cache-Control": "no-store"}, body=json({"/results/0/name": "Wren"}))
    return (
        get(f"/ask?query=zaunkoenig&streaming=false&site={site}", headers={**given, **headers}),
        found if status == 200 else expect(status, body=problem(detail=_unknown(site))),
    )


def _unknown(site: str) -> str:
    return f"The parameter 'site' names a site that is not here: '{site}'. Known are: http_status, python_docs."


def _coded(content: str) -> Send:
    headers = {"Authorization": "Bearer ${token}", "Content-Type": KIND, "Content-Encoding": "gzip"}
    return post(
        "/api/items", base64=base64.b64encode(gzip.compress(content.encode(), mtime=0)).decode(), headers=headers
    )


CASES: tuple[Case, ...] = (
    case(
        "UPL-15.owner",
        "another user may not add to a site, and what its owner said stays",
        OWNER,
        *login(),
        *login("bob-${run}", name="bob"),
        _by("token", _form_of()),
        expect(201),
        _by("bob", _form_of(content=ROBIN)),
        expect(403, body=problem(detail=f"{SITE} is another user's site: choose another name.")),
        _by("bob", _form_of(public="true")),
        expect(403, body=problem()),
        *_asked_by("token"),
        get("/ask?query=red&streaming=false&site=" + SITE, headers={"Authorization": "Bearer ${token}"}),
        expect(200, body=json(None, json_at("/results/0", absent=True))),
        *_asked_by("bob", 400),
    ),
    case(
        "UPL-15.private",
        "a site is there for its owner alone, by token and by cookie",
        OWNER,
        *login(),
        _by("token", _form_of()),
        expect(201),
        *_asked_by("token"),
        *_asked_by(None, Cookie="${cookie}"),
        *_asked_by(None, 400),
        *_asked_by(None, 400, site="${run}-nobody"),
        get("/sites", headers={"Authorization": "Bearer ${token}"}),
        expect(200, body=json({"/sites": ["http_status", "python_docs"]})),
        get("/who?query=zaunkoenig", headers={"Authorization": "Bearer ${token}"}),
        expect(200, body=json({"/results": []})),
        post(
            f"/ask?query=zaunkoenig&streaming=false&site={SITE}",
            text="",
            headers={"Cookie": "${cookie}", "Sec-Fetch-Site": "cross-site"},
        ),
        expect(400, body=problem(detail=_unknown(SITE))),
    ),
    case(
        "UPL-15.public",
        "a public site is asked by everybody, until its owner takes that back",
        PUBLIC,
        *login(),
        *login("bob-${run}", name="bob"),
        _by("token", _form_of(public="true")),
        expect(201),
        *_asked_by(None),
        *_asked_by("bob"),
        _by("bob", _form_of()),
        expect(403, body=problem()),
        _by("token", _form_of(public="false")),
        expect(201),
        *_asked_by("bob", 400),
        _by("token", _form_of(public="true")),
        expect(201),
        _by("token", _form_of()),
        expect(201),
        *_asked_by(None, 400),
        *_asked_by("token"),
    ),
    *(
        refused(
            f"UPL-16.public-{name}",
            f"{what} does not say whether a site is public",
            400,
            _form_of(public=public),
            "public: `true` or `false`.",
        )
        for name, what, public in (
            ("word", "a word", "yes"),
            ("case", "TRUE", "TRUE"),
            ("number", "1", "1"),
            ("empty", "nothing", ""),
            ("blank", "a blank", " true"),
        )
    ),
    *(
        refused(
            f"UPL-16.twice-{name}",
            f"{name} comes once",
            400,
            form((f'name="{name}"', value), *more, file(WREN)),
            f"{name}: given more than once.",
        )
        for name, value, more in (("site", "other", ()), ("public", "true", (('name="public"', "true"),)))
    ),
    refused(
        "UPL-11.lines",
        "more lines than may be, empty ones too, are refused",
        422,
        form(file(WREN + "\n" * 200_000)),
        "birds.jsonl: there are more than 200000 lines; send them in parts.",
    ),
    case(
        "UPL-11.ratio",
        "little gzip that becomes much is refused where it does",
        COST,
        *login(),
        _coded(form(file(WREN + " " * (3 << 20)))),
        expect(413, body=problem(detail="The content becomes more than 100 times as long as it was sent.")),
        *follow_up(),
    ),
    case(
        "UPL-15.gzip",
        "a form may be coded as a whole",
        COST,
        # What is coded knows nothing of the run: the same user, and the same site, each time.
        *login("gzip"),
        _coded(form(file(WREN + "\n" * 10_000), site="gzip")),
        expect(201, body=json({"/count": 1})),
        *_asked_by("token", site="gzip"),
    ),
)
