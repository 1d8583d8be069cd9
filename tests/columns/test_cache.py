"""The cache: made once for all who wait, kept up to so many bytes, and taken along by nobody who goes away."""

from __future__ import annotations

import asyncio

import pytest

from app.columns.cache import Cache


class Maker:
    """Makes its own name when it is let, and counts how often it was asked to."""

    def __init__(self, name: str = "x") -> None:
        self.name = name
        self.begun = 0
        self.ended = asyncio.Event()
        self.cancelled = False

    async def __call__(self) -> str:
        self.begun += 1
        try:
            await self.ended.wait()
        except asyncio.CancelledError:
            self.cancelled = True
            raise
        return self.name


async def ready(name: str) -> str:
    return name


async def test_what_several_wait_for_is_made_once() -> None:
    cache: Cache[str] = Cache(100)
    maker = Maker()
    waiting = [asyncio.create_task(cache.get("key", maker, len)) for _ in range(3)]
    await asyncio.sleep(0)
    maker.ended.set()

    assert await asyncio.gather(*waiting) == ["x", "x", "x"]
    assert await cache.get("key", maker, len) == "x"
    assert maker.begun == 1


async def test_who_goes_away_takes_nobody_along() -> None:
    cache: Cache[str] = Cache(100)
    maker = Maker()
    first, second = (asyncio.create_task(cache.get("key", maker, len)) for _ in range(2))
    await asyncio.sleep(0.01)
    first.cancel()
    await asyncio.sleep(0.01)
    maker.ended.set()

    assert await second == "x"
    assert (first.cancelled(), maker.begun, maker.cancelled) == (True, 1, False)


async def test_what_nobody_waits_for_any_more_is_given_up_and_made_anew_for_who_comes() -> None:
    cache: Cache[str] = Cache(100)
    maker = Maker()
    only = asyncio.create_task(cache.get("key", maker, len))
    await asyncio.sleep(0.01)
    only.cancel()
    await asyncio.sleep(0.01)

    assert maker.cancelled
    assert await cache.get("key", lambda: ready("anew"), len) == "anew"


async def test_an_error_reaches_all_who_wait_and_is_not_kept() -> None:
    cache: Cache[str] = Cache(100)

    async def fail() -> str:
        await asyncio.sleep(0.01)
        raise ValueError("no")

    found = await asyncio.gather(*(cache.get("key", fail, len) for _ in range(2)), return_exceptions=True)
    assert [str(one) for one in found] == ["no", "no"]
    assert await cache.get("key", lambda: ready("yes"), len) == "yes"


async def test_what_was_not_asked_for_longest_goes_first() -> None:
    cache: Cache[str] = Cache(10)
    for key in ("aaaa", "bbbb"):
        await cache.get(key, lambda key=key: ready(key), len)  # type: ignore[misc]  # bound at once
    assert cache.known("aaaa") == "aaaa"
    await cache.get("cccc", lambda: ready("cccc"), len)

    assert [cache.known(key) for key in ("aaaa", "bbbb", "cccc")] == ["aaaa", None, "cccc"]
    assert cache.held == 8


@pytest.mark.parametrize(("size", "held"), [(10, 10), (11, 0)])
async def test_what_is_larger_than_the_cache_is_given_and_not_kept(size: int, held: int) -> None:
    cache: Cache[str] = Cache(10)
    assert await cache.get("key", lambda: ready("x" * size), len) == "x" * size
    assert len(cache.known("key") or "") == cache.held == held
