"""The service hosted on aiohttp."""

from aiohttp_server.app import create_app

__all__ = ["create_app"]
