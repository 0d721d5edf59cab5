"""Token-bucket rate limits by key, in this process or in Redis; those of client addresses and environments raise."""

from __future__ import annotations

import logging
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import ceil
from typing import Any, Protocol

from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from server.http.errors import WireError

log = logging.getLogger("handrail.limits")

MAX_BUCKETS = 50_000
REDIS_TIMEOUT_SECONDS = 0.25
REDIS_RETRY_SECONDS = 5.0
MAX_WAIT_SECONDS = 600


@dataclass(frozen=True, slots=True)
class Limit:
    """A token bucket: refill rate in tokens a second, and capacity."""

    per_second: float
    burst: int


PER_ADDRESS: Mapping[str, Limit] = {
    "events": Limit(50, 200),
    "boot": Limit(50, 500),
    "bodies": Limit(50, 500),
}
PER_ENVIRONMENT: Mapping[str, Limit] = {"events": Limit(500, 2000), "boot": Limit(1000, 4000)}

TAKE_SCRIPT = """
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
    """Stores buckets. `take` takes one token and returns 0, or the seconds to wait; `reset` fills a bucket."""

    async def take(self, key: str, limit: Limit) -> float: ...

    async def reset(self, key: str) -> None: ...


class InProcessStore:
    """Buckets in the memory of this process; the least recently used are evicted first."""

    def __init__(self, clock: Callable[[], float] = time.monotonic, max_buckets: int = MAX_BUCKETS) -> None:
        self._clock = clock
        self._max_buckets = max_buckets
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    async def take(self, key: str, limit: Limit) -> float:
        """Takes one token and returns 0, or returns the seconds until there is one."""
        now = self._clock()
        tokens, then = self._buckets.pop(key, (float(limit.burst), now))
        tokens = min(limit.burst, tokens + (now - then) * limit.per_second)
        wait = 0.0 if tokens >= 1 else (1 - tokens) / limit.per_second
        self._buckets[key] = (tokens if wait else tokens - 1, now)
        if len(self._buckets) > self._max_buckets:
            self._buckets.popitem(last=False)
        return wait

    async def reset(self, key: str) -> None:
        """Fills the bucket."""
        self._buckets.pop(key, None)


class RedisStore:
    """Buckets in Redis, shared by processes; while Redis is unavailable each process uses its own."""

    def __init__(self, redis: Redis, fallback: InProcessStore, clock: Callable[[], float] = time.monotonic) -> None:
        self._redis = redis
        self._take: Any = redis.register_script(TAKE_SCRIPT)
        self._fallback = fallback
        self._clock = clock
        self._retry_at = 0.0

    async def take(self, key: str, limit: Limit) -> float:
        """Takes one token and returns 0, or returns the seconds until there is one."""
        if self._clock() < self._retry_at:
            return await self._fallback.take(key, limit)
        try:
            return float(await self._take(keys=[f"handrail:{key}"], args=[limit.per_second, limit.burst]))
        except (RedisError, OSError, TimeoutError) as error:
            self._use_fallback(error)
            return await self._fallback.take(key, limit)

    async def reset(self, key: str) -> None:
        """Fills the bucket, the fallback's too."""
        await self._fallback.reset(key)
        if self._clock() < self._retry_at:
            return
        try:
            await self._redis.expire(f"handrail:{key}", 0)
        except (RedisError, OSError, TimeoutError) as error:
            self._use_fallback(error)

    def _use_fallback(self, error: Exception) -> None:
        self._retry_at = self._clock() + REDIS_RETRY_SECONDS
        log.warning("redis is away, each process counts for itself", extra={"reason": type(error).__name__})


class RateLimiter:
    """The one rate limiter of the process, of the wire and the admin; `factor` scales all limits."""

    def __init__(self, store: Store, factor: float = 1.0) -> None:
        self._store = store
        self._factor = factor
        self._per_address = {kind: _scaled(limit, factor) for kind, limit in PER_ADDRESS.items()}
        self._per_environment = {kind: _scaled(limit, factor) for kind, limit in PER_ENVIRONMENT.items()}

    async def check_address(self, kind: str, address: str) -> None:
        """Raises WireError 429 when this address exceeds its limit."""
        await self._check(f"{kind}:a:{address}", self._per_address[kind])

    async def check_environment(self, kind: str, key: str) -> None:
        """Raises WireError 429 when all pages of the environment with this public key together exceed its limit."""
        await self._check(f"{kind}:e:{key}", self._per_environment[kind])

    async def allows(self, key: str, *, burst: int, seconds: float) -> bool:
        """Counts an attempt; False when all `burst` are used. They come back evenly over `seconds`."""
        return await self._store.take(key, _scaled(Limit(burst / seconds, burst), self._factor)) == 0

    async def reset(self, key: str) -> None:
        """Gives back all attempts of the key."""
        await self._store.reset(key)

    async def _check(self, key: str, limit: Limit) -> None:
        wait = await self._store.take(key, limit)
        if wait > 0:
            seconds = min(MAX_WAIT_SECONDS, max(1, ceil(wait)))
            raise WireError(429, "rate_limited", "Too many requests; wait a moment.", None, {"retry-after": str(seconds)})


def _scaled(limit: Limit, factor: float) -> Limit:
    return Limit(limit.per_second * factor, max(1, round(limit.burst * factor)))


def create_rate_limiter(redis_url: str, factor: float) -> RateLimiter:
    """Creates the rate limiter; in Redis when there is a URL."""
    fallback = InProcessStore()
    if not redis_url:
        return RateLimiter(fallback, factor)
    return RateLimiter(RedisStore(connect_redis(redis_url), fallback), factor)


def connect_redis(url: str) -> Redis:
    """Connects to Redis with a short timeout and no retries, since a visitor waits for it."""
    no_retry = Retry(NoBackoff(), 0)
    return Redis.from_url(url, retry=no_retry, socket_timeout=REDIS_TIMEOUT_SECONDS, socket_connect_timeout=REDIS_TIMEOUT_SECONDS)
