"""How often one may ask, and whose address counts."""

from __future__ import annotations

from typing import Any

import pytest

from server.http.client_address import client_address
from server.http.errors import WireError
from server.http.rate_limits import PER_ADDRESS, InProcessStore, Limit, RateLimiter, RedisStore, connect_redis


class Clock:
    """A clock that stands still until it is told."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


async def _accepted(limits: RateLimiter, times: int, address: str = "192.0.2.1") -> int:
    accepted = 0
    for _ in range(times):
        try:
            await limits.check_address("events", address)
            accepted += 1
        except WireError as error:
            assert error.status == 429 and int(error.headers["retry-after"]) >= 1
    return accepted


async def test_a_burst_passes_and_then_the_rate_holds() -> None:
    clock = Clock()
    limits = RateLimiter(InProcessStore(clock))
    assert await _accepted(limits, 300) == 200
    clock.now += 1
    assert await _accepted(limits, 300) == 50
    clock.now += 3600
    assert await _accepted(limits, 300) == 200


async def test_one_address_does_not_use_up_what_another_may() -> None:
    limits = RateLimiter(InProcessStore(Clock()))
    assert await _accepted(limits, 300, "192.0.2.1") == 200
    assert await _accepted(limits, 10, "192.0.2.2") == 10


async def test_an_environment_has_a_limit_over_all_addresses() -> None:
    limits = RateLimiter(InProcessStore(Clock()))
    for _ in range(2000):
        await limits.check_environment("events", "hr_pub_1")
    with pytest.raises(WireError, match="Too many requests"):
        await limits.check_environment("events", "hr_pub_1")


async def test_the_factor_raises_every_limit() -> None:
    assert await _accepted(RateLimiter(InProcessStore(Clock()), factor=2), 1000) == 400


async def test_strangers_cannot_fill_the_memory() -> None:
    store = InProcessStore(Clock(), max_buckets=100)
    for number in range(1000):
        await store.take(f"address {number}", Limit(1, 1))
    assert len(store._buckets) == 100


async def test_when_redis_is_away_each_process_counts_for_itself() -> None:
    clock = Clock()
    redis = connect_redis("redis://127.0.0.1:1")
    limits = RateLimiter(RedisStore(redis, InProcessStore(clock), clock))
    assert await _accepted(limits, 300) == 200
    await redis.aclose()


async def test_attempts_are_used_up_and_come_back_evenly_over_their_time() -> None:
    clock = Clock()
    limits = RateLimiter(InProcessStore(clock))
    assert [await limits.allows("sign-in", burst=4, seconds=3600) for _ in range(6)] == [True] * 4 + [False] * 2
    clock.now += 900
    assert [await limits.allows("sign-in", burst=4, seconds=3600) for _ in range(2)] == [True, False]
    assert await limits.allows("other", burst=4, seconds=3600)


async def test_a_reset_gives_all_attempts_back() -> None:
    limits = RateLimiter(InProcessStore(Clock()))
    for _ in range(3):
        await limits.allows("sign-in", burst=3, seconds=60)
    await limits.reset("sign-in")
    assert [await limits.allows("sign-in", burst=3, seconds=60) for _ in range(4)] == [True, True, True, False]


async def test_attempts_are_counted_and_reset_without_redis_too() -> None:
    clock = Clock()
    redis = connect_redis("redis://127.0.0.1:1")
    limits = RateLimiter(RedisStore(redis, InProcessStore(clock), clock))
    assert [await limits.allows("sign-in", burst=1, seconds=60) for _ in range(2)] == [True, False]
    await limits.reset("sign-in")
    assert await limits.allows("sign-in", burst=1, seconds=60)
    await redis.aclose()


def _scope(peer: str, *forwarded: str) -> dict[str, Any]:
    return {"type": "http", "client": (peer, 1), "headers": [(b"x-forwarded-for", line.encode()) for line in forwarded]}


@pytest.mark.parametrize(
    ("hops", "forwarded", "counted"),
    [
        (0, ("198.51.100.9",), "203.0.113.1"),
        (1, (), "203.0.113.1"),
        (1, ("198.51.100.9, 198.51.100.1",), "198.51.100.1"),
        (1, ("198.51.100.9", "198.51.100.2"), "198.51.100.2"),
        (2, ("6.6.6.6, 198.51.100.9, 198.51.100.1",), "198.51.100.9"),
        (3, ("198.51.100.9",), "198.51.100.9"),
        (1, (" , ,",), "203.0.113.1"),
    ],
)
def test_only_our_own_proxies_are_believed(hops: int, forwarded: tuple[str, ...], counted: str) -> None:
    assert client_address(_scope("203.0.113.1", *forwarded), hops) == counted


def test_an_ipv6_network_counts_as_one_address() -> None:
    assert client_address(_scope("2001:db8:1:2:aaaa::1"), 0) == client_address(_scope("2001:db8:1:2:bbbb::2"), 0) == "2001:db8:1:2::"
    assert client_address(_scope("::ffff:192.0.2.7"), 0) == "192.0.2.7"
    assert client_address({"type": "http", "client": None, "headers": []}, 0) == "unknown"


def test_limits_are_what_the_manual_says() -> None:
    assert PER_ADDRESS["events"] == Limit(50, 200) and PER_ADDRESS["boot"] == Limit(50, 500)
