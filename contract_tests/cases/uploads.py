"""Content that users upload: whole or not at all, and there to be asked about at once."""

from __future__ import annotations

from contract_tests.shorthand import follow_up, login
from samewire.cases import Case, awaits, case, ends, expect, get, json, json_at, post, problem
from samewire.cases.model import Receive, Send

MADE = "RFC 9110 section 15.3.2; contract: what is acknowledged can be found."
NOTHING = "Contract: the first thing that is wrong is named by its place, and nothing of the form is kept."
BEFORE = "RFC 9110 section 10.1.1: a final answer instead of 100 (Continue), so that the content is not sent."
SITE = "birds-${run}"
OWN = {"Authorization": "Bearer ${token}"}
KIND = "multipart/form-data; boundary=bound"
WREN = '{"url":"https://birds.example/wren","name":"Wren","description":"small zaunkoenig"}\n'
ROBIN = '{"url":"https://birds.example/robin","name":"Robin","description":"red zaunkoenig"}\n'


def form(*parts: tuple[str, str], site: str | None = SITE) -> str:
    fields = [] if site is None else [('name="site"', site)]
    return (
        "".join(
            f"--bound\r\nContent-Disposition: form-data; {named}\r\n\r\n{content}\r\n"
            for named, content in (*fields, *parts)
        )
        + "--bound--\r\n"
    )


def file(content: str, name: str = "birds.jsonl") -> tuple[str, str]:
    return f'name="file"; filename="{name}"', content


def sent(content: str) -> tuple[Send | Receive, ...]:
    headers = {"Authorization": "Bearer ${token}", "Content-Type": KIND}
    return (*login(), post("/api/items", text=content, headers=headers))


def refused(id: str, title: str, status: int, content: str, detail: str) -> Case:
    return case(
        id,
        title,
        NOTHING,
        *sent(content),
        expect(status, body=problem(detail=detail)),
        get(f"/ask?query=zaunkoenig&streaming=false&site={SITE}", headers=OWN),
        expect(400, body=problem()),
    )


CASES: tuple[Case, ...] = (
    case(
        "UPL-15",
        "what was uploaded is found at once, by the name of its site",
        MADE,
        *sent(form(file(WREN + "\n" + ROBIN))),
        expect(201, headers={"Cache-Control": "no-store"}, body=json(equals={"site": SITE, "count": 2})),
        get(f"/ask?query=zaunkoenig+red&streaming=false&site={SITE}", headers=OWN),
        expect(
            200,
            body=json(
                {"/results/0/name": "Robin", "/results/0/site": SITE, "/results/1/name": "Wren"},
                json_at("/results/2", absent=True),
            ),
        ),
        get("/ask?query=zaunkoenig&streaming=false"),
        expect(200, body=json(None, json_at("/results/0", absent=True))),
    ),
    case(
        "UPL-15.again",
        "an item that comes again takes the place of the one before",
        MADE,
        *sent(form(file(WREN))),
        expect(201),
        post(
            "/api/items",
            text=form(file(WREN.replace("small zaunkoenig", "brown troglodytes"))),
            headers={"Authorization": "Bearer ${token}", "Content-Type": KIND},
        ),
        expect(201, body=json({"/count": 1})),
        get(f"/ask?query=zaunkoenig&streaming=false&site={SITE}", headers=OWN),
        expect(200, body=json(None, json_at("/results/0", absent=True))),
        get(f"/ask?query=troglodytes&streaming=false&site={SITE}", headers=OWN),
        expect(200, body=json({"/results/0/name": "Wren"}, json_at("/results/1", absent=True))),
    ),
    case(
        "UPL-15.formats",
        "JSON-LD and RSS are read too, several files in one form",
        MADE,
        *sent(
            form(
                file('{"@graph":[{"url":"https://a.example/1","name":"One"}]}', "a.jsonld"),
                file(
                    "<rss><channel><item><title>Two</title><link>https://a.example/2</link></item></channel></rss>", "a.rss"
                ),
            )
        ),
        expect(201, body=json({"/count": 2})),
    ),
    refused(
        "UPL-16.line",
        "a line that is no JSON is named by its number",
        422,
        form(file(WREN + ROBIN + "{oops\n")),
        "birds.jsonl, line 3: not JSON, at column 2.",
    ),
    refused(
        "UPL-16.item", "an item without a name too", 422, form(file('{"url":"https://a.example/"}')),
        "birds.jsonl, line 1: has no name.",
    ),
    refused(
        "UPL-16.second",
        "of a second file that is wrong the first is not kept either",
        422,
        form(file(WREN), file("[1]", "b.jsonld")),
        "b.jsonld, item 1: not a JSON object.",
    ),
    refused("UPL-16.none", "a form without a file is 422", 422, form(), "There is no file in the form."),
    refused(
        "UPL-16.field", "a field that there is not is 422", 422, form(('name="x"', "y"), file(WREN)),
        "x: there is no such field; `site`, `public` and files are.",
    ),
    refused(
        "UPL-16.format",
        "a file of another kind is 415",
        415,
        form(file(WREN, "birds.csv")),
        "birds.csv: neither JSON Lines nor JSON-LD nor RSS, by its type and its name.",
    ),
    case(
        "UPL-16.site",
        "a site of the configuration is 409, one without a name 422",
        NOTHING,
        *sent(form(file(WREN), site="http_status")),
        expect(409, body=problem()),
        *sent(form(file(WREN), site=None))[2:],
        expect(422, body=problem()),
        *sent(form(file(WREN), site="../a"))[2:],
        expect(422, body=problem()),
        *follow_up(),
    ),
    case(
        "UPL-11.expect",
        "content beyond the limit is refused before it is asked for",
        BEFORE,
        *login(),
        post(
            "/api/items",
            headers={
                "Authorization": "Bearer ${token}",
                "Content-Type": KIND,
                "Content-Length": str((1 << 30) + 1),
                "Expect": "100-continue",
            },
            part="head",
        ),
        expect(413, interim=(), body=problem()),
        ends("closed"),
    ),
    case(
        "UPL-11.nobody",
        "content of nobody is refused before it is asked for",
        BEFORE,
        post("/api/items", text=form(file(WREN)), headers={"Content-Type": KIND, "Expect": "100-continue"}, part="head"),
        expect(401, interim=(), body=problem()),
        ends("closed"),
    ),
    case(
        "UPL-11.asked",
        "content of a user is asked for once",
        BEFORE,
        *login(),
        post(
            "/api/items",
            text=form(file(WREN)),
            headers={"Authorization": "Bearer ${token}", "Content-Type": KIND, "Expect": "100-continue"},
            part="head",
        ),
        awaits("interim", status=100),
        post(
            "/api/items",
            text=form(file(WREN)),
            headers={"Authorization": "Bearer ${token}", "Content-Type": KIND, "Expect": "100-continue"},
            part="body",
        ),
        expect(201, interim=(100,), body=json({"/count": 1})),
    ),
)  # fmt: skip
