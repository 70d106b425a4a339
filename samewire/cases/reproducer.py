"""A case as a command line that sends the same bytes: curl where curl can say it, a line of Python where it cannot."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Sequence

from samewire.address import Address
from samewire.ascii import lower
from samewire.cases.credentials import literal, marked, shown_fields, word
from samewire.cases.masking import masked
from samewire.cases.model import Case, ExpectEnd, Finish, Pause, Receive, Request, Send, Step, Talk
from samewire.cases.reaching import connected, curl_options, curl_origin, curl_version, imports, securing
from samewire.wire.written import Names, Written, pieces, spoken, written

_NOT_READ = "setsockopt(socket.SOL_SOCKET,socket.SO_RCVBUF,65536)"
"""What a pause is: nothing is read, and the kernel's buffer is small."""
_LONGEST = 6000
"""Characters of a command that one can still copy."""
_OWN_OF_CURL = {"host", "content-length", "transfer-encoding", "expect"}
_TOKEN = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")
_VALUE = re.compile(r"[!-~]([ -~]*[!-~])?")
_IN_URL = re.compile(r"/[A-Za-z0-9._~!$&'()*+,;=:@%/?-]*")
_IN_TARGET = re.compile(r"[!-~]+")
_TEXT = re.compile(r"[^\x00-\x08\x0b-\x1f\x7f]*")


def reproduce(
    case: Case,
    address: Address,
    run: str = "again",
    kept: Sequence[tuple[str, str]] = (),
    *,
    made_up: bool = False,
) -> str:
    """The command for a shell; `run` is what `${run}` stands for, `kept` are the values that the case kept of answers.

    Credentials of the target stand in it as the environment variables that hold them: `$OLD_TOKEN`. Secrets of the
    case are digests in it, and a comment at its end says which, unless all that it sends is `made_up`.
    """
    names = Names.of(address, run)._replace(fields=shown_fields(address.access), kept=tuple(kept))
    try:
        shown, hidden = (case, ()) if made_up else masked(case, names)
        command = _curl(shown, address, names) or (
            _python(shown, address, names) if _by_hand(case, address, hidden) else ""
        )
    except ValueError as error:
        return f"# the case can't be written as bytes: {error}"
    if not command or len(command) > _LONGEST:
        target = address.access.target or address.url
        return f"samewire check --target {shlex.quote(target)} --only {case.id}"
    return f"{command}  # secrets masked, so not what was sent: {', '.join(hidden)}" if hidden else command


def _by_hand(case: Case, address: Address, hidden: Sequence[str]) -> bool:
    """Whether a line of Python can say it: in HTTP/1.1, and without offsets that a credential or digest would move."""
    cut = any(isinstance(step, Send) and isinstance(step.delivery, tuple) for step in case.steps)
    return address.access.http == "1.1" and not (cut and (address.access.credentials or hidden))


def _curl(case: Case, address: Address, names: Names) -> str | None:
    """None when curl would send something else."""
    first, *others = case.steps
    if not isinstance(first, Send) or not isinstance(first.send, Request):
        return None
    alone = all(isinstance(step, Receive | ExpectEnd) and step.on == first.on for step in others)
    if not alone or first.part != "all" or first.delivery != "at once":
        return None
    words = _curl_words(first.send, written(first.send, names), address)
    return " ".join(map(word, words)) if words else None


def _curl_words(request: Request, sent: Written, address: Address) -> list[str] | None:
    start, *lines = sent.head.decode("latin-1").removesuffix("\r\n\r\n").split("\r\n")
    where = _where(start.removeprefix(f"{request.method} ").removesuffix(f" {request.version}"), address)
    fields = _fields(request, lines)
    content = _content(request, sent.body)
    if where is None or fields is None or content is None or not _TOKEN.fullmatch(request.method):
        return None
    method = ["--head"] if request.method == "HEAD" else ["-X", request.method]
    version = "--http1.0" if request.version == "HTTP/1.0" else curl_version(address)
    return ["curl", "-isS", "--raw", "-m", "10", version, *curl_options(address), *method, *fields, *content, *where]


def _where(target: str, address: Address) -> list[str] | None:
    origin = curl_origin(address)
    if _IN_URL.fullmatch(target):
        return ["--path-as-is", f"{origin}{target}"]
    return ["--request-target", target, origin] if _IN_TARGET.fullmatch(target) else None


def _fields(request: Request, lines: list[str]) -> list[str] | None:
    """Options that give the request these field lines and none of curl's own but Host and Content-Length."""
    own = {lower(name) for name, _ in request.headers}
    if not request.host or own & _OWN_OF_CURL:
        return None
    words = ["-H", "Accept:"] if "accept" not in own else []
    words += ["-A", ""] if "user-agent" not in own else []
    for line in lines:
        name, _, value = line.partition(": ")
        if not _TOKEN.fullmatch(name) or not _VALUE.fullmatch(marked(value)):
            return None
        words += ["-H", line] if lower(name) not in _OWN_OF_CURL else []
    return words


def _content(request: Request, body: bytes) -> list[str] | None:
    if all(given is None for given in (request.text, request.base64, request.form)) and not body:
        return [] if request.chunks is None else None
    text = body.decode("utf-8", "replace")
    if request.chunks is not None or request.method == "HEAD" or text.encode() != body or not _TEXT.fullmatch(text):
        return None
    typed = any(lower(name) == "content-type" for name, _ in request.headers)
    return [*([] if typed else ["-H", "Content-Type:"]), "--data-raw", text]


def _python(case: Case, address: Address, names: Names) -> str:
    sockets = {name: f"s{number}" for number, name in enumerate(dict.fromkeys(step.on for step in case.steps))}
    statements = [imports(address)]
    statements += securing(address)
    statements.append(f"c=lambda:{connected(address)}")
    statements.append(
        "r=lambda s:[sys.stdout.buffer.write(d) for d in iter("
        'lambda:select.select([s],[],[],1)[0] and s.recv(65536) or b"",b"")]'
    )
    last: dict[str, str] = {}
    for step in case.steps:
        socket = sockets[step.on]
        statements += [] if socket in last else [f"{socket}=c()"]
        said = [line for line in _statements(step, socket, names) if not (_reads(line) and statements[-1] == line)]
        statements += said
        last[socket] = said[-1] if said else statements[-1]
    statements += [f"r({socket})" for socket, line in last.items() if not _rests(line)]
    return f"python3 -c {shlex.quote(';'.join(statements))}"


def _statements(step: Step, socket: str, names: Names) -> Iterator[str]:
    match step:
        case Send():
            yield from _sending(step, socket, names)
        case Talk():
            yield f"{socket}.sendall({literal(spoken(step, names))})"
        case Pause():
            yield f"{socket}.{_NOT_READ}"
        case Finish(finish="half"):
            yield f"{socket}.shutdown(1)"
        case Finish(finish="close"):
            yield f"{socket}.close()"
        case Finish():
            yield f'{socket}.setsockopt(1,13,b"\\x01\\0\\0\\0\\0\\0\\0\\0");{socket}.close()'
        case _:
            yield f"r({socket})"


def _rests(statement: str) -> bool:
    """Whether nothing more is to be read of a connection after this."""
    return _reads(statement) or ".close()" in statement or statement.endswith(_NOT_READ)


def _reads(statement: str) -> bool:
    return statement.startswith("r(")


def _sending(step: Send, socket: str, names: Names) -> Iterator[str]:
    sent = written(step.send, names)
    data = {"all": sent.head + sent.body, "head": sent.head, "body": sent.body}[step.part]
    if step.delivery == "at once":
        yield f"{socket}.sendall({literal(data)})"
        return
    yield f"{socket}.setsockopt(6,1,1)"
    if step.delivery == "byte by byte":
        yield f"[{socket}.sendall(bytes([x])) for x in {literal(data)}]"
        return
    yield from (f"{socket}.sendall({literal(piece)})" for piece in pieces(data, step.delivery))
