"""How a reproducer gets to a target: the options of curl, and the words of Python, for its socket, TLS and version."""

from __future__ import annotations

from samewire.access import PLAIN
from samewire.address import Address
from samewire.cases.credentials import literal


def curl_version(address: Address) -> str:
    if address.access.http == "1.1":
        return "--http1.1"
    return "--http2" if address.scheme == "https" else "--http2-prior-knowledge"


def curl_options(address: Address) -> list[str]:
    """How curl gets to the target, and whom it trusts there."""
    access, trust = address.access, address.access.trust
    host = f"[{address.host}]" if ":" in address.host else address.host
    given = (
        ["--unix-socket", address.socket] if address.socket else [],
        ["--connect-to", f"::{host}:{address.port}"] if trust.server_name and not address.socket else [],
        ["-H", f"Host: {access.host}"] if access.host else [],
        [] if trust.verify else ["-k"],
        ["--cacert", trust.ca_file] if trust.ca_file else [],
        ["--cert", trust.cert_file] if trust.cert_file else [],
        ["--key", trust.key_file] if trust.key_file else [],
    )
    return [word for words in given for word in words]


def curl_origin(address: Address) -> str:
    """A URL whose host is the name in the certificate."""
    own = address._replace(host=address.access.trust.server_name or address.host, access=PLAIN)
    return f"{own.scheme}://{own.authority}"


def imports(address: Address) -> str:
    needed = ("select", "socket", "sys", *(["ssl"] if address.scheme == "https" else []))
    return "import " + ",".join((*needed, *(["os"] if address.access.credentials else [])))


def securing(address: Address) -> list[str]:
    """A context of TLS that trusts as the target's settings have it."""
    if address.scheme != "https":
        return []
    trust = address.access.trust
    made = [f"x=ssl.create_default_context(cafile={_text(trust.ca_file)})" if trust.ca_file else
            "x=ssl.create_default_context()"]  # fmt: skip
    if not trust.verify:
        made += ["x.check_hostname=False", "x.verify_mode=ssl.CERT_NONE"]
    if trust.cert_file:
        made.append(f"x.load_cert_chain({','.join(_text(file) for file in (trust.cert_file, trust.key_file) if file)})")
    return made


def connected(address: Address) -> str:
    plain = f"socket.create_connection(({_text(address.host)},{address.port}),5)"
    if address.socket:
        plain = f"(lambda u:(u.connect({_text(address.socket)}),u)[1])(socket.socket(socket.AF_UNIX))"
    if address.scheme != "https":
        return plain
    return f"x.wrap_socket({plain},server_hostname={_text(address.access.trust.server_name or address.host)})"


def _text(text: str) -> str:
    """A str literal under the rules of `_literal`."""
    return f"{literal(text.encode())}.decode()"
