"""The version that `/health` answers; pyproject.toml has the same."""

VERSION = "0.1.0"
