"""How often one address and one environment may ask; what is over waits, told for how long."""

from __future__ import annotations

import logging
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address
from math import ceil
from typing import Any, Protocol

from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from starlette.datastructures import Headers
from starlette.types import Scope

from server.http.errors import WireError

log = logging.getLogger("handrail.limits")

KEPT_BUCKETS = 50_000
REDIS_SECONDS = 0.25
REDIS_REST = 5.0
LONGEST_WAIT = 600


@dataclass(frozen=True, slots=True)
class Limit:
    """So many a second, and so many at once."""

    per_second: float
    burst: int


ADDRESS: Mapping[str, Limit] = {
    "events": Limit(50, 200),
    "boot": Limit(50, 500),
    "bodies": Limit(50, 500),
}
ENVIRONMENT: Mapping[str, Limit] = {"events": Limit(500, 2000), "boot": Limit(1000, 4000)}

TAKE = """
local now = redis.call('TIME')
local t = now[1] + now[2] / 1000000
local rate, burst = tonumber(ARGV[1]), tonumber(ARGV[2])
local kept = redis.call('HMGET', KEYS[1], 'n', 't')
local n = math.min(burst, (tonumber(kept[1]) or burst) + math.max(0, t - (tonumber(kept[2]) or t)) * rate)
local wait = 0
if n >= 1 then n = n - 1 else wait = (1 - n) / rate end
redis.call('HSET', KEYS[1], 'n', tostring(n), 't', tostring(t))
redis.call('PEXPIRE', KEYS[1], math.ceil(burst / rate * 1000) + 1000)
return tostring(wait)
"""


class Store(Protocol):
    """Where buckets are kept: takes one token, answers how many seconds to wait (0: taken)."""

    async def take(self, key: str, limit: Limit) -> float: ...


class InProcess:
    """Buckets of this process, the least used forgotten first."""

    def __init__(self, clock: Callable[[], float] = time.monotonic, kept: int = KEPT_BUCKETS) -> None:
        self._clock = clock
        self._kept = kept
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    async def take(self, key: str, limit: Limit) -> float:
        """One token, or the seconds until there is one."""
        now = self._clock()
        tokens, then = self._buckets.pop(key, (float(limit.burst), now))
        tokens = min(limit.burst, tokens + (now - then) * limit.per_second)
        wait = 0.0 if tokens >= 1 else (1 - tokens) / limit.per_second
        self._buckets[key] = (tokens if wait else tokens - 1, now)
        if len(self._buckets) > self._kept:
            self._buckets.popitem(last=False)
        return wait


class Shared:
    """Buckets in Redis, for several processes; while it is away each process counts for itself."""

    def __init__(self, redis: Redis, alone: InProcess, clock: Callable[[], float] = time.monotonic) -> None:
        self._take: Any = redis.register_script(TAKE)
        self._alone = alone
        self._clock = clock
        self._rest_until = 0.0

    async def take(self, key: str, limit: Limit) -> float:
        """One token, or the seconds until there is one."""
        if self._clock() < self._rest_until:
            return await self._alone.take(key, limit)
        try:
            return float(await self._take(keys=[f"handrail:{key}"], args=[limit.per_second, limit.burst]))
        except (RedisError, OSError, TimeoutError) as error:
            self._rest_until = self._clock() + REDIS_REST
            log.warning("redis is away, each process counts for itself", extra={"reason": type(error).__name__})
            return await self._alone.take(key, limit)


class Limits:
    """Asks the store once for an address and once for an environment."""

    def __init__(self, store: Store, factor: float = 1.0) -> None:
        self._store = store
        self._factor = factor

    async def of_address(self, kind: str, address: str) -> None:
        """Raises WireError 429 when that address asks too often."""
        await self._take(f"{kind}:a:{address}", ADDRESS[kind])

    async def of_environment(self, kind: str, key: str) -> None:
        """Raises WireError 429 when all pages of the environment with that public key together ask too often."""
        await self._take(f"{kind}:e:{key}", ENVIRONMENT[kind])

    async def _take(self, key: str, limit: Limit) -> None:
        scaled = Limit(limit.per_second * self._factor, max(1, round(limit.burst * self._factor)))
        wait = await self._store.take(key, scaled)
        if wait > 0:
            seconds = min(LONGEST_WAIT, max(1, ceil(wait)))
            raise WireError(429, "rate_limited", "Too many requests; wait a moment.", None, {"retry-after": str(seconds)})


def open_limits(redis_url: str, factor: float) -> Limits:
    """The limits as the settings want them."""
    alone = InProcess()
    if not redis_url:
        return Limits(alone, factor)
    return Limits(Shared(open_redis(redis_url), alone), factor)


def open_redis(url: str) -> Redis:
    """A client that gives up at once: a visitor must not wait for it."""
    once = Retry(NoBackoff(), 0)
    return Redis.from_url(url, retry=once, socket_timeout=REDIS_SECONDS, socket_connect_timeout=REDIS_SECONDS)


def address_of(scope: Scope, hops: int) -> str:
    """Who asks: the socket's peer, or the entry that our own outermost proxy wrote; an IPv6 network counts as one."""
    peer = str((scope.get("client") or ("unknown", 0))[0])
    told = [part.strip() for part in ",".join(Headers(scope=scope).getlist("x-forwarded-for")).split(",") if part.strip()] if hops else []
    return _network(told[-min(hops, len(told))] if told else peer)


def _network(text: str) -> str:
    try:
        address = ip_address(text.partition("%")[0].strip("[]"))
    except ValueError:
        return text[:60]
    if isinstance(address, IPv6Address) and address.ipv4_mapped is None:
        return str(IPv6Address(int(address) >> 64 << 64))
    return str(getattr(address, "ipv4_mapped", None) or address)
