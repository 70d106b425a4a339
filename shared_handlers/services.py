"""What is opened once, when a server starts, and closed when it ends."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from shared_handlers.conversations import Conversations
from shared_handlers.identity.developer import Developer
from shared_handlers.identity.guard import Guard
from shared_handlers.identity.sessions import Sessions
from shared_handlers.identity.tokens import Tokens, WeakKey, configured_key
from shared_handlers.logs import Log
from shared_handlers.metrics import Metrics
from shared_handlers.nlweb import Answerer, Extractive, Index, Rehearsal, open_index
from shared_handlers.nlweb.library import Library
from shared_handlers.nlweb.uploaded import Uploaded
from shared_handlers.oauth import resolve
from shared_handlers.policies.ratelimit import Limits
from shared_handlers.probe_state import ProbeState
from shared_handlers.settings import Settings
from shared_handlers.state import Database, Idempotency, StateError, open_database

if TYPE_CHECKING:
    from shared_handlers.oauth.client import Client


@dataclass(slots=True)
class Services:
    """Everything the endpoints are closed over."""

    settings: Settings
    log: Log
    metrics: Metrics
    probe: ProbeState
    index: Index
    """The sites and their content."""
    uploaded: Uploaded
    """What users added to them."""
    answerer: Answerer
    state: Database
    """What outlives a request."""
    guard: Guard
    """Who asks."""
    conversations: Conversations
    idempotency: Idempotency
    oauth: Mapping[str, Client] = field(default_factory=dict)
    """Who can be asked who somebody is, by name."""
    limits: Limits | None = None
    """How many requests may come from where; None when there is no limit."""
    checks: dict[str, Callable[[], bool]] = field(default_factory=dict)
    """By name, what must hold for `/ready` to say so; each is quick and does not raise."""
    probes: dict[str, Callable[[], Awaitable[bool]]] = field(default_factory=dict)
    """The same for what has to be waited for, within a limit of its own."""


@asynccontextmanager
async def open_services(settings: Settings, log: Log) -> AsyncIterator[Services]:
    """Open what the settings ask for, and close it on the way out; StoreError or StateError when it can't be had."""
    async with AsyncExitStack() as stack:
        index = await asyncio.to_thread(open_index, settings.nlweb, log)
        stack.callback(index.close)
        uploaded = await asyncio.to_thread(Uploaded, settings.nlweb.store, settings.uploads.max_items)
        stack.callback(uploaded.close)
        state = await asyncio.to_thread(open_database, settings.nlweb.store, log)
        stack.callback(state.close)
        probe = ProbeState()
        guard = _guard(settings, state)
        limits = settings.conversations
        conversations = Conversations(state, limits.max_conversations, limits.max_messages)
        services = Services(
            settings, log, Metrics(), probe, index, uploaded, _answerer(settings, Library(index, uploaded), probe),
            state, guard, conversations, Idempotency(state), _oauth(settings), _limits(settings),
        )  # fmt: skip
        services.checks["static"] = settings.static_directory.is_dir
        services.probes |= {"store": state.holds, "content": index.holds}
        yield services


def _guard(settings: Settings, state: Database) -> Guard:
    try:
        key = configured_key(os.environ.get(settings.auth.key_env, ""))
    except WeakKey as error:
        raise StateError(f"the key in {settings.auth.key_env} can't sign tokens: {error}.") from None
    secure = settings.mode == "production"
    return Guard(
        Tokens(state, key, settings.auth.token_seconds, audience=settings.auth.audience),
        Sessions(state, settings.auth.session_seconds, secure=secure),
        _developer(settings) if settings.mode == "development" else None,
    )


def _developer(settings: Settings) -> Developer:
    return Developer(settings.auth.development_hosts, settings.server.trusted_origins)


def _oauth(settings: Settings) -> dict[str, Client]:
    if not settings.oauth.providers:
        return {}
    from shared_handlers.oauth.client import Client

    clients = {}
    for name, provider in settings.oauth.providers.items():
        secret = os.environ.get(provider.client_secret_env)
        if not secret:
            raise StateError(f"oauth.providers.{name}: there is no secret in {provider.client_secret_env}.")
        endpoints = resolve(name, provider)
        if not endpoints.complete and not provider.issuer:
            raise StateError(f"oauth.providers.{name}: give its issuer, or auth_url, token_url and userinfo_url.")
        seconds = settings.oauth.timeout
        clients[name] = Client(name, endpoints, provider.client_id, secret, provider.issuer, seconds)
    return clients


def _limits(settings: Settings) -> Limits | None:
    limit = settings.ratelimit
    if not limit.enabled:
        return None
    return Limits(limit.requests, limit.seconds, limit.burst or limit.requests)


def _answerer(settings: Settings, library: Library, probe: ProbeState) -> Answerer:
    notices = settings.nlweb.headers.model_dump(exclude_none=True)
    model = Extractive()
    return Answerer(library, Rehearsal(model, probe) if settings.mode == "testing" else model, notices)
