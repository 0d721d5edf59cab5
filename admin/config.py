"""What the process hands to the admin at start."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from starlette.requests import HTTPConnection

from guides.external.mail import Mail


def peer_address(connection: HTTPConnection) -> str:
    """The IP address of the socket's other end; empty when the server gives none."""
    return connection.client.host if connection.client else ""


class RateLimiter(Protocol):
    """Counts attempts by key, for all processes together when they share a Redis."""

    async def allows(self, key: str, *, burst: int, seconds: float) -> bool:
        """Counts an attempt; false when all `burst` are used. They come back evenly over `seconds`."""

    async def reset(self, key: str) -> None:
        """Gives back all attempts of the key."""


@dataclass(frozen=True)
class AdminConfig:
    """Settings and services of one admin app."""

    rate_limiter: RateLimiter
    public_url: str = "http://127.0.0.1:8000"
    secret_keys: tuple[str, ...] = ()
    allow_insecure_http: bool = False
    client_address: Callable[[HTTPConnection], str] = peer_address
    mail: Mail = field(default_factory=Mail)
    renderers: Mapping[str, str] = field(default_factory=dict)
    version: str = "0.1.0"
    demo_url: str = ""


def config_of(request: HTTPConnection) -> AdminConfig:
    """The configuration of the app that answers this request."""
    config: AdminConfig = request.app.state.config
    return config
