"""The tables. A new version only adds: an older server that runs beside a newer one still finds its own."""

from __future__ import annotations

VERSION = 1
TABLES = (
    # What is made once and shared by all servers, such as the key that signs tokens.
    "CREATE TABLE IF NOT EXISTS secret (name TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT",
    # Tokens that were given up before their end; kept until then.
    "CREATE TABLE IF NOT EXISTS revoked (id TEXT PRIMARY KEY, expires REAL NOT NULL) STRICT",
    # Sessions by the SHA-256 of their id: who reads the file can't take one over.
    """CREATE TABLE IF NOT EXISTS session (
        digest BLOB PRIMARY KEY, user TEXT NOT NULL, expires REAL NOT NULL
    ) STRICT""",
    "CREATE INDEX IF NOT EXISTS session_expires ON session (expires)",
    # Logins at a provider that have not come back yet, by the SHA-256 of their state and of what the browser keeps.
    """CREATE TABLE IF NOT EXISTS login (
        state BLOB PRIMARY KEY, browser BLOB NOT NULL, provider TEXT NOT NULL, verifier TEXT NOT NULL, next TEXT NOT NULL,
        expires REAL NOT NULL
    ) STRICT""",
    # `source` is the id that a browser had for it before it was migrated; `messages` counts them.
    """CREATE TABLE IF NOT EXISTS conversation (
        seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, owner TEXT NOT NULL, title TEXT NOT NULL,
        created REAL NOT NULL, updated REAL NOT NULL, version INTEGER NOT NULL, messages INTEGER NOT NULL, source TEXT,
        UNIQUE (owner, source)
    ) STRICT""",
    "CREATE INDEX IF NOT EXISTS conversation_owner ON conversation (owner, seq)",
    # `answer` is JSON: what was found, where an assistant's message is an answer of this service.
    """CREATE TABLE IF NOT EXISTS message (
        conversation TEXT NOT NULL REFERENCES conversation (id) ON DELETE CASCADE, number INTEGER NOT NULL,
        role TEXT NOT NULL, content TEXT NOT NULL, created REAL NOT NULL, answer TEXT, PRIMARY KEY (conversation, number)
    ) STRICT, WITHOUT ROWID""",
    # What was answered to a request with an Idempotency-Key, and the SHA-256 of what was asked.
    """CREATE TABLE IF NOT EXISTS idempotency (
        owner TEXT NOT NULL, key TEXT NOT NULL, request BLOB NOT NULL, status INTEGER NOT NULL, fields TEXT NOT NULL,
        content BLOB NOT NULL, expires REAL NOT NULL, PRIMARY KEY (owner, key)
    ) STRICT, WITHOUT ROWID""",
    "CREATE INDEX IF NOT EXISTS idempotency_expires ON idempotency (expires)",
)
"""Statements that make what is not there yet; times are seconds since 1970."""
