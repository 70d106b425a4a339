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
)
"""Statements that make what is not there yet; times are seconds since 1970."""
