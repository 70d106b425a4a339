"""The configuration of every server: its keys, their types, limits and defaults."""

from __future__ import annotations

import os
import ssl
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import Field, ValidationError, model_validator

from shared_handlers.logs import Level
from shared_handlers.settings_sources import Document, Problems, SettingsError, read_document, with_environment
from shared_handlers.settings_types import (
    Count,
    Delay,
    HostNames,
    Label,
    Networks,
    NoLanguageModel,
    OptionalPath,
    OptionalText,
    Origins,
    Port,
    Seconds,
    Section,
    SiteName,
    Text,
    Whole,
    Words,
    Workers,
)

__all__ = ["DEFAULT_CONFIG", "Mode", "Settings", "SettingsError", "load_settings"]

DEFAULT_CONFIG = Path("config/config_webserver.yaml")
Mode = Literal["development", "production", "testing"]


def load_settings(
    config: Path | None = None, mode: str | None = None, environ: Mapping[str, str] = os.environ
) -> Settings:
    """The settings of the file, then the environment (`NLWEB_SERVER__MAX_BODY`, `PORT`), then `mode`.

    A relative path in them starts at the project's root: the directory above the file when the file stands in one
    named `config`, else the file's own. Raises SettingsError naming every bad key or value with its place.
    """
    path = DEFAULT_CONFIG if config is None else config
    problems = Problems()
    document = with_environment(read_document(path, problems), Settings, environ, problems)
    if mode is not None:
        document.put(("mode",), mode, "--mode")
    settings = _validated(document, problems)
    problems.raise_if_any()
    assert settings is not None  # noqa: S101  (no problem was found)
    settings = settings.anchored(project_root(path))
    _check_tls(settings, environ, document, problems)
    problems.raise_if_any()
    return settings


def project_root(config: Path) -> Path:
    """Where relative paths of this configuration file start."""
    folder = config.resolve().parent
    return folder.parent if folder.name == "config" else folder


class Cors(Section):
    origins: Origins = ()
    credentials: bool = False
    max_age: Annotated[Whole, Field(ge=0, le=86400)] = 600
    """Seconds for which a browser may keep a preflight's answer."""

    @model_validator(mode="after")
    def _no_wildcard_with_credentials(self) -> Self:
        if self.credentials and "*" in self.origins:
            raise ValueError("origins `*` with credentials would let every site act as the user: list the origins")
        return self


class Ssl(Section):
    enabled: bool = False
    cert_file_env: Text = "SSL_CERT_FILE"
    """The name of the environment variable that holds the path of the certificate chain."""
    key_file_env: Text = "SSL_KEY_FILE"

    def context(self, environ: Mapping[str, str]) -> ssl.SSLContext:
        """The server's TLS context; OSError or ssl.SSLError when a file is missing, unreadable or no certificate."""
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(environ.get(self.cert_file_env, ""), environ.get(self.key_file_env, ""))
        return context


class Logging(Section):
    level: Level = "info"
    file: OptionalPath = None
    """None is standard error."""
    skip_paths: Words = ()
    """Requests to these have no access record, such as those of a load balancer that looks whether the server is alive."""


class Static(Section):
    enable_cache: bool = True
    cache_max_age: Annotated[Whole, Field(ge=0, le=31_536_000)] = 3600
    gzip_enabled: bool = True
    """Whether `.br` and `.gz` siblings of a file are offered."""


class Threads(Section):
    """The workers of an engine with threads."""

    min_workers: Workers = 2
    max_workers: Workers = 16
    max_queue: Count = 128
    """Connections with a request that may wait while all workers are held; more are told to come back later."""
    idle_timeout: Seconds = 10.0
    """How long a worker beyond the minimum stays without work."""

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.min_workers > self.max_workers:
            raise ValueError(f"min_workers {self.min_workers} is more than max_workers {self.max_workers}")
        return self


class Server(Section):
    host: Text = "127.0.0.1"
    enable_cors: bool = True
    cors: Cors = Cors()
    max_connections: Count = 10_000
    max_connections_per_address: Count = 10_000
    timeout: Seconds = 60.0
    """For an endpoint to give its answer; a stream may then last as long as it is read."""
    header_timeout: Seconds = 10.0
    """For a whole request head to arrive."""
    body_timeout: Seconds = 30.0
    """For the next piece of a request's content."""
    write_timeout: Seconds = 30.0
    """For a client to take the next piece of an answer."""
    keepalive_timeout: Seconds = 75.0
    drain_delay: Delay = 0.0
    drain_timeout: Seconds = 30.0
    websocket_ping: Seconds = 20.0
    """After so long without a word from its client a WebSocket is pinged, and ended when half of that brings no answer."""
    websocket_max_message: Annotated[Whole, Field(ge=1, le=1 << 30)] = 1 << 20
    """Bytes of a WebSocket message, after decompression; a longer one is answered with close code 1009."""
    max_body: Count = 1 << 20
    """Bytes of a request's content, decoded ones included."""
    max_head: Annotated[Whole, Field(ge=1024, le=1 << 20)] = 16_384
    """Bytes of request line and fields together."""
    max_fields: Annotated[Whole, Field(ge=10, le=10_000)] = 100
    ssl: Ssl = Ssl()
    logging: Logging = Logging()
    static: Static = Static()
    threads: Threads = Threads()

    @property
    def trusted_origins(self) -> frozenset[str]:
        """Origins whose pages may do what those of this site may; not `*` and `null`, which are everybody's."""
        return frozenset(self.cors.origins) - {"*", "null"} if self.enable_cors else frozenset()


class Auth(Section):
    token_seconds: Count = 3600
    session_seconds: Count = 86_400
    key_env: Text = "AUTH_KEY"
    """The name of the environment variable with the key that signs tokens; without it all servers of a store share one."""
    audience: Label = "nlweb"
    """Whom tokens are for: those of another service with the same key are refused."""
    development_hosts: HostNames = ("localhost", "*.localhost", "127.0.0.0/8", "::1")
    """Where, in `development`, a request without credentials is the developer's: names, `*.name`, addresses, networks."""


class Compression(Section):
    enabled: bool = True
    min_size: Count = 1024
    """Bytes from which on an answer is worth coding."""


class Conversations(Section):
    max_conversations: Count = 10_000
    """Of one user."""
    max_messages: Count = 10_000
    """In one conversation."""


class Uploads(Section):
    max_bytes: Count = 1 << 30
    """Of one request, its files and what stands between them."""
    max_items: Count = 100_000
    max_lines: Count = 200_000
    """Of JSON Lines, in all files together; empty ones count too."""


class RateLimit(Section):
    enabled: bool = False
    requests: Count = 100
    seconds: Count = 60
    """`requests` in so many seconds on average, of each client and of each user."""
    burst: Count | None = None
    """How many at once; as many as `requests` when it is left out."""
    proxies: Networks = ()
    """Addresses and networks whose X-Forwarded-For, -Proto and -Host are believed, whether rates are limited or not."""


class Provider(Section):
    client_id: Text
    client_secret_env: Text
    """The name of the environment variable with the secret."""
    issuer: OptionalText = None
    """Of an OpenID Connect provider, whose URLs are asked of it."""
    auth_url: OptionalText = None
    token_url: OptionalText = None
    userinfo_url: OptionalText = None
    scope: str = ""
    redirect_uri: OptionalText = None
    """Where the provider sends browsers back to; without it, the address that a request came to."""


class OAuth(Section):
    providers: dict[Annotated[str, Field(pattern=r"^[a-z0-9_-]{1,64}$")], Provider] = Field(default_factory=dict)
    timeout: Seconds = 10.0
    """Seconds for a provider to answer."""


class AnswerHeaders(Section):
    license: OptionalText = None
    data_retention: OptionalText = None
    ui_component: OptionalText = None


class Source(Section):
    """A file of items for a site; several may feed one site, a built-in one too."""

    site: SiteName
    path: Path
    format: Literal["jsonl", "jsonld", "rss"] = "jsonl"
    url: Text = "about:blank"
    """Where the site itself is; the first source of a site says it."""
    description: str = ""


class LanguageModel(Section):
    base_url: NoLanguageModel = None
    model: OptionalText = None
    api_key_env: OptionalText = None
    timeout: Seconds = 30.0


class Nlweb(Section):
    sites: Words = ()
    """The sites that are offered; when none is named, every one that there is content for."""
    sources: tuple[Source, ...] = ()
    headers: AnswerHeaders = AnswerHeaders()
    heartbeat_seconds: Seconds = 15.0
    """How long a stream of events may be idle before a comment line says that it is alive."""
    store: Path = Path("data")
    """The folder of the search index."""
    llm: LanguageModel = LanguageModel()


class Settings(Section):
    """Every key of the configuration; paths are absolute once loaded."""

    port: Port = 8000
    static_directory: Path = Path("static")
    mode: Mode = "development"
    server: Server = Server()
    auth: Auth = Auth()
    compression: Compression = Compression()
    conversations: Conversations = Conversations()
    uploads: Uploads = Uploads()
    ratelimit: RateLimit = RateLimit()
    oauth: OAuth = OAuth()
    nlweb: Nlweb = Nlweb()

    def anchored(self, root: Path) -> Self:
        """The same settings, with relative paths starting at `root`."""
        log = self.server.logging
        logging = log.model_copy(update={"file": root / log.file if log.file else None})
        sources = tuple(source.model_copy(update={"path": root / source.path}) for source in self.nlweb.sources)
        return self.model_copy(
            update={
                "static_directory": root / self.static_directory,
                "server": self.server.model_copy(update={"logging": logging}),
                "nlweb": self.nlweb.model_copy(update={"store": root / self.nlweb.store, "sources": sources}),
            }
        )


def _validated(document: Document, problems: Problems) -> Settings | None:
    try:
        return Settings.model_validate(document.values)
    except ValidationError as error:
        for found in error.errors(include_url=False):
            problems.add_validation(document, Settings, found)
        return None


def _check_tls(settings: Settings, environ: Mapping[str, str], document: Document, problems: Problems) -> None:
    tls = settings.server.ssl
    if not tls.enabled:
        return
    try:
        tls.context(environ)
    except OSError as error:
        why = error.strerror or "no certificate with its key"
        problems.add(
            document.place(("server", "ssl", "enabled")),
            f"server.ssl.enabled: the files named by {tls.cert_file_env} and {tls.key_file_env} can't be used ({why})",
        )


def settings_from(values: dict[str, Any], root: Path) -> Settings:
    """Settings from plain values, for tests and embedding; pydantic's ValidationError when they are wrong."""
    return Settings.model_validate(values).anchored(root)
