from __future__ import annotations

import asyncio
import gzip
from collections.abc import Awaitable, Callable

import pytest

from scrapers import Blocked, Client, FetchError, user_agent
from scrapers.web.robots import MAX_BYTES, Leave, Robots, leave
from tests.scrapers.conftest import Site, local_options

PAGE = "https://gorod.example/news/1"
GZIPPED = {"Content-Encoding": "gzip"}


@pytest.mark.parametrize(
    ("rules", "granted"),
    [
        ("", True),
        ("User-agent: *\nDisallow:", True),
        ("User-agent: *\nDisallow: /", False),
        ("User-agent: *\nDisallow: /admin", True),
        ("User-agent: *\nDisallow: /news/\nAllow: /news/1", True),
        ("User-agent: Yandex\nDisallow: /", True),
        ("User-agent: newsieve\nDisallow: /\n\nUser-agent: *\nDisallow:", False),
        ("User-agent: NewSieve\nAllow: /\n\nUser-agent: *\nDisallow: /", True),
        ("User-agent: *\nDisallow: /*/1$", False),
        ("\ufeffUser-agent: *\nDisallow: /news", False),
        ("<!DOCTYPE html><html><body><a href='/'>Вести</a></body></html>", True),
    ],
)
def test_a_page_may_be_fetched_if_the_rules_for_us_say_so(rules: str, granted: bool) -> None:
    assert leave(rules.encode(), PAGE).granted == granted


@pytest.mark.parametrize(
    ("rules", "delay"),
    [
        ("User-agent: *\nCrawl-delay: 5", 5),
        ("User-agent: *\nCrawl-delay: 0.5", 0.5),
        ("User-agent: Yandex\nCrawl-delay: 5", 0),
        ("User-agent: *\nCrawl-delay: soon", 0),
        ("User-agent: *\nCrawl-delay: -5", 0),
        ("User-agent: *\nCrawl-delay: nan", 0),
    ],
)
def test_the_rules_may_ask_for_a_pause(rules: str, delay: float) -> None:
    assert leave(rules.encode(), PAGE) == Leave(True, delay)


def test_any_bytes_are_rules() -> None:
    for body in (b"\xff\xfe\x00", bytes(range(256)) * 40, b"Disallow: /\n" * 9, b"User-agent:"):
        assert leave(body, PAGE).granted


async def test_a_page_that_robots_may_not_see_is_blocked(site: Site) -> None:
    site.serve("/robots.txt", "User-agent: *\nDisallow: /private")
    page, private = site.serve("/news", "news"), site.serve("/private/1", "secret")
    async with Client(local_options(robots=True)) as client:
        assert (await client.get(page)).body == b"news"
        with pytest.raises(Blocked, match=r"the robots\.txt of 127\.0\.0\.1 does not permit it"):
            await client.get(private)
    assert site.asked() == ["/robots.txt", "/news"]


async def test_a_redirect_to_what_robots_may_not_see_is_not_followed(site: Site) -> None:
    site.serve("/robots.txt", "User-agent: *\nDisallow: /private")
    moved = site.serve("/news", status=302, headers={"Location": "/private/1"})
    async with Client(local_options(robots=True)) as client:
        with pytest.raises(Blocked, match="does not permit"):
            await client.get(moved)
    assert "/private/1" not in site.asked()


async def test_the_rules_are_asked_for_once_and_by_name(site: Site) -> None:
    pages = [site.serve(f"/{number}", "news") for number in range(5)]
    async with Client(local_options(robots=True, user_agent=user_agent("https://a.example"))) as us:
        await asyncio.gather(*map(us.get, pages))
    assert site.asked()[0] == "/robots.txt"
    assert site.asked().count("/robots.txt") == 1
    agents = {request.headers["User-Agent"] for request in site.requests}
    [agent] = agents
    assert agent.startswith("Mozilla/5.0 (compatible; newsieve/")
    assert agent.endswith("; +https://a.example)")


async def test_the_rules_are_not_asked_for_if_that_is_switched_off(site: Site) -> None:
    site.serve("/robots.txt", "User-agent: *\nDisallow: /")
    async with Client(local_options(robots=False)) as client:
        assert (await client.get(site.serve("/news", "news"))).body == b"news"
    assert site.asked() == ["/news"]


async def test_the_pause_that_the_rules_ask_for_is_kept_up_to_a_limit(site: Site) -> None:
    clock = asyncio.get_running_loop().time
    site.serve("/robots.txt", "User-agent: *\nCrawl-delay: 3600")
    pages = [site.serve(f"/{number}", "news") for number in range(3)]
    async with Client(local_options(robots=True, max_crawl_delay=0.1)) as client:
        await client.get(pages[0])
        began = clock()
        await client.get(pages[1])
        await client.get(pages[2])
    assert 0.2 <= clock() - began < 60


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410])
async def test_without_rules_all_may_be_fetched(site: Site, status: int) -> None:
    site.serve("/robots.txt", "User-agent: *\nDisallow: /", status=status)
    async with Client(local_options(robots=True)) as client:
        assert (await client.get(site.serve("/news", "news"))).body == b"news"


@pytest.mark.parametrize("status", [429, 500, 503])
async def test_nothing_is_fetched_while_the_rules_cannot_be_told(site: Site, status: int) -> None:
    site.serve("/robots.txt", status=status)
    page = site.serve("/news", "news")
    async with Client(local_options(robots=True)) as client:
        for _ in range(2):
            with pytest.raises(FetchError, match=rf"its robots\.txt answered {status}") as caught:
                await client.get(page)
            assert not isinstance(caught.value, Blocked)
            assert caught.value.status == status
    # And it is not asked again at once.
    assert site.asked() == ["/robots.txt"]


async def test_rules_may_be_somewhere_else(site: Site) -> None:
    site.serve("/robots.txt", status=301, headers={"Location": "/rules"})
    site.serve("/rules", gzip.compress(b"User-agent: *\nDisallow: /"), headers=GZIPPED)
    async with Client(local_options(robots=True)) as client:
        with pytest.raises(Blocked, match="does not permit"):
            await client.get(site.serve("/news", "news"))


async def test_rules_that_are_nowhere_forbid_nothing(site: Site) -> None:
    site.serve("/robots.txt", status=302, headers={"Location": "/robots.txt"})
    async with Client(local_options(robots=True)) as client:
        assert (await client.get(site.serve("/news", "news"))).body == b"news"


async def test_of_large_rules_the_beginning_counts(site: Site) -> None:
    comment = b"# " + b"x" * 98 + b"\n"
    site.serve("/robots.txt", b"User-agent: *\nDisallow: /private\n" + comment * 20_000)
    assert len(comment) * 20_000 > MAX_BYTES
    async with Client(local_options(robots=True, max_bytes=10_000)) as client:
        await client.get(site.serve("/news", "news"))
        with pytest.raises(Blocked):
            await client.get(site.url("/private"))


class Clock:
    """Is moved by hand."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


Ask = Callable[[str], Awaitable["bytes | None"]]


def telling(*answers: bytes | FetchError | None) -> tuple[Ask, list[str]]:
    left, asked = list(answers), []

    async def ask(address: str) -> bytes | None:
        asked.append(address)
        answer = left.pop(0)
        if isinstance(answer, FetchError):
            raise answer
        return answer

    return ask, asked


ORIGIN = "https://gorod.example"
DOWN = FetchError(f"{ORIGIN}/robots.txt", "answered 503", status=503)
SILENT = FetchError(f"{ORIGIN}/robots.txt", "no answer: connection refused")
NOTHING_ALLOWED = b"User-agent: *\nDisallow: /"


async def test_rules_are_asked_for_again_after_a_day() -> None:
    clock = Clock()
    robots = Robots(now=clock)
    ask, asked = telling(None, NOTHING_ALLOWED)
    assert (await robots.leave(ORIGIN, PAGE, ask)).granted
    clock.seconds += 86_399
    assert (await robots.leave(ORIGIN, PAGE, ask)).granted
    clock.seconds += 2
    assert not (await robots.leave(ORIGIN, PAGE, ask)).granted
    assert asked == [f"{ORIGIN}/robots.txt"] * 2


@pytest.mark.parametrize("failure", [DOWN, SILENT])
async def test_rules_that_were_told_once_hold_while_they_cannot_be_told_again(
    failure: FetchError,
) -> None:
    clock = Clock()
    robots = Robots(now=clock)
    ask, asked = telling(NOTHING_ALLOWED, failure, None)
    await robots.leave(ORIGIN, PAGE, ask)
    clock.seconds += 86_401
    assert not (await robots.leave(ORIGIN, PAGE, ask)).granted
    assert not (await robots.leave(ORIGIN, PAGE, ask)).granted
    clock.seconds += 301
    assert (await robots.leave(ORIGIN, PAGE, ask)).granted
    assert len(asked) == 3


async def test_a_server_that_failed_is_asked_again_in_a_while() -> None:
    clock = Clock()
    robots = Robots(now=clock)
    ask, _ = telling(DOWN, None)
    with pytest.raises(FetchError):
        await robots.leave(ORIGIN, PAGE, ask)
    clock.seconds += 301
    assert (await robots.leave(ORIGIN, PAGE, ask)).granted


async def test_a_server_that_was_silent_is_asked_again_at_once() -> None:
    robots = Robots()
    ask, _ = telling(SILENT, None)
    with pytest.raises(FetchError):
        await robots.leave(ORIGIN, PAGE, ask)
    assert (await robots.leave(ORIGIN, PAGE, ask)).granted


async def test_an_error_names_the_page_and_not_the_one_that_failed_first() -> None:
    robots = Robots()
    ask, _ = telling(DOWN)
    for page in (PAGE, f"{ORIGIN}/news/2"):
        with pytest.raises(FetchError) as caught:
            await robots.leave(ORIGIN, page, ask)
        assert caught.value.source == page


async def test_rules_that_take_too_long_to_read_block_their_site_for_a_while() -> None:
    # Each rule counts for each name: work for minutes.
    names = "".join(f"User-agent: a{number}\n" for number in range(15_000))
    rules = "".join(f"Disallow: /{number}\n" for number in range(10_000))
    clock = Clock()
    robots = Robots(read_seconds=0.3, now=clock)
    ask, asked = telling((names + rules).encode(), None)
    for _ in range(2):
        with pytest.raises(Blocked, match=r"its robots\.txt takes more than 0\.3 s"):
            await robots.leave(ORIGIN, PAGE, ask)
    assert len(asked) == 1
    clock.seconds += 301
    assert (await robots.leave(ORIGIN, PAGE, ask)).granted
