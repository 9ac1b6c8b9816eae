from __future__ import annotations

import asyncio
import gzip
import os
import socket
import zlib
from collections.abc import Callable
from datetime import datetime, timezone
from pathlib import Path

import certifi
import httpx
import pytest
from aiohttp import web

from scrapers import Blocked, Challenged, Client, FetchError, Validators
from scrapers.web.inflate import Inflater, TooLargeError
from scrapers.web.retry import retry_after
from tests.scrapers.conftest import Site, local_options


async def test_a_page_comes_with_its_bytes_and_its_type(site: Site, client: Client) -> None:
    url = site.serve("/news", "привет".encode("cp1251"), content_type="text/html")
    page = await client.get(url)
    assert (page.url, page.status, page.body) == (url, 200, "привет".encode("cp1251"))
    assert (page.content_type, page.unchanged) == ("text/html", False)


@pytest.mark.parametrize(
    ("encoding", "pack"),
    [
        ("gzip", gzip.compress),
        ("deflate", zlib.compress),
        ("deflate", lambda body: zlib.compress(body)[2:-4]),
    ],
)
async def test_compressed_pages_are_inflated(
    site: Site, client: Client, encoding: str, pack: Callable[[bytes], bytes]
) -> None:
    body = "новости ".encode() * 5000
    url = site.serve("/", pack(body), headers={"Content-Encoding": encoding})
    assert (await client.get(url)).body == body


async def test_an_unchanged_page_is_not_sent_again(site: Site, client: Client) -> None:
    async def conditional(request: web.Request) -> web.Response:
        headers = {"ETag": '"v1"', "Last-Modified": "Mon, 01 Jan 2024 00:00:00 GMT"}
        if request.headers.get("If-None-Match") == '"v1"':
            return web.Response(status=304)
        return web.Response(text="news", headers=headers)

    url = site.handle("/", conditional)
    first = await client.get(url)
    again = await client.get(url, validators=first.validators)
    assert first.validators == Validators('"v1"', "Mon, 01 Jan 2024 00:00:00 GMT")
    assert (again.unchanged, again.body, again.validators) == (True, b"", first.validators)
    assert site.requests[1].headers["If-Modified-Since"] == "Mon, 01 Jan 2024 00:00:00 GMT"


async def test_an_unchanged_answer_that_nobody_asked_for_is_an_error(
    site: Site, client: Client
) -> None:
    with pytest.raises(FetchError) as caught:
        await client.get(site.serve("/", status=304))
    assert caught.value.status == 304


async def test_validators_that_cannot_be_sent_back_are_dropped() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        headers = [(b"ETag", '"я"'.encode()), (b"Last-Modified", b"")]
        return httpx.Response(200, headers=headers, stream=httpx.ByteStream(b"news"))

    async with Client(local_options(), transport=httpx.MockTransport(answer)) as client:
        page = await client.get("http://a.example/")
    assert page.validators == Validators()


async def test_redirects_are_followed_to_the_final_address(site: Site, client: Client) -> None:
    site.serve("/old", status=301, headers={"Location": "/new"})
    final = site.serve("/new", "here")
    page = await client.get(site.url("/old"))
    assert (page.url, page.body) == (final, b"here")


@pytest.mark.parametrize(
    ("statuses", "moved"),
    [([301], True), ([308], True), ([301, 308], True), ([302], False), ([301, 307], False)],
)
async def test_only_permanent_redirects_tell_that_a_page_has_moved(
    site: Site, client: Client, statuses: list[int], moved: bool
) -> None:
    final = site.serve("/new", "here")
    for hop, status in enumerate(statuses):
        target = f"/{hop + 1}" if hop + 1 < len(statuses) else "/new"
        site.serve(f"/{hop}", status=status, headers={"Location": target})
    page = await client.get(site.url("/0"))
    assert page.moved_to == (final if moved else None)


async def test_a_page_that_leads_back_to_itself_has_not_moved(site: Site, client: Client) -> None:
    async def ask_for_a_cookie(request: web.Request) -> web.Response:
        if "session" in request.cookies:
            return web.Response(text="here")
        return web.Response(status=301, headers={"Location": "/", "Set-Cookie": "session=1"})

    page = await client.get(site.handle("/", ask_for_a_cookie))
    assert (page.body, page.moved_to) == (b"here", None)


async def test_cookies_go_back_unless_there_are_too_many(site: Site, client: Client) -> None:
    async def set_many(request: web.Request) -> web.Response:
        answer = web.Response(text="news")
        for number in range(100):
            answer.set_cookie(f"{request.path[1:]}-{number}", "1")
        return answer

    for visit in range(10):
        await client.get(site.handle(f"/{visit}", set_many))
    sent = [len(request.cookies) for request in site.requests]
    assert sent[:3] == [0, 100, 200]
    # Servers refuse what is larger; the site would have locked us out.
    assert sent[-1] == 0


async def test_a_redirect_loop_ends(site: Site, client: Client) -> None:
    url = site.serve("/loop", status=302, headers={"Location": "/loop"})
    with pytest.raises(FetchError, match="redirected more than 5 times"):
        await client.get(url)
    assert len(site.requests) == 6


@pytest.mark.parametrize("status", [400, 404, 410, 500, 503])
async def test_an_error_page_is_an_error(site: Site, client: Client, status: int) -> None:
    with pytest.raises(FetchError, match=f"answered {status}") as caught:
        await client.get(site.serve("/", "sorry", status=status))
    assert (caught.value.status, caught.value.retry_after) == (status, None)


async def test_a_refusal_is_a_blocked_address(site: Site, client: Client) -> None:
    with pytest.raises(Blocked, match="answered 403 Forbidden") as caught:
        await client.get(site.serve("/", "sorry", status=403))
    assert caught.value.status == 403


@pytest.mark.parametrize("status", [401, 403, 429, 503])
async def test_a_check_of_the_visitor_is_a_blocked_address(
    site: Site, client: Client, status: int
) -> None:
    check = '<title>DDoS-Guard</title><script src="/.well-known/ddos-guard/js-challenge/"></script>'
    packed = gzip.compress(check.encode())
    url = site.serve("/", packed, status=status, headers={"Content-Encoding": "gzip"})
    with pytest.raises(
        Challenged, match=rf"check of the visitor .*\(DDoS-Guard\), {status}"
    ) as caught:
        await client.get(url)
    assert caught.value.status == status


async def test_a_check_that_only_a_header_tells_is_a_blocked_address(
    site: Site, client: Client
) -> None:
    with pytest.raises(Challenged, match="Cloudflare"):
        await client.get(site.serve("/", status=403, headers={"cf-mitigated": "challenge"}))


@pytest.mark.parametrize(
    ("body", "headers"),
    [(bytes(1_000_000), {}), (b"no gzip", {"Content-Encoding": "gzip"}), (b"", {})],
    ids=["large", "broken", "empty"],
)
async def test_an_error_is_told_by_its_status_whatever_its_page_is(
    site: Site, client: Client, body: bytes, headers: dict[str, str]
) -> None:
    with pytest.raises(FetchError, match="answered 503"):
        await client.get(site.serve("/", body, status=503, headers=headers))


@pytest.mark.parametrize("status", [429, 503])
async def test_a_server_may_ask_to_wait(site: Site, client: Client, status: int) -> None:
    url = site.serve("/", status=status, headers={"Retry-After": "120"})
    with pytest.raises(FetchError) as caught:
        await client.get(url)
    assert caught.value.retry_after == 120


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("90", 90.0),
        ("Thu, 01 Jan 2026 00:01:00 GMT", 60.0),
        ("Wed, 31 Dec 2025 00:00:00 GMT", 0.0),
        ("soon", None),
        ("-5", None),
        ("", None),
        (None, None),
    ],
)
def test_the_wait_is_read_as_seconds_or_as_a_moment(
    header: str | None, seconds: float | None
) -> None:
    assert retry_after(header, now=datetime(2026, 1, 1, tzinfo=timezone.utc)) == seconds


async def test_a_login_is_a_blocked_address(site: Site, client: Client) -> None:
    site.serve("/private", status=302, headers={"Location": "/login?next=/private"})
    site.serve("/login", "<input type=password>")
    with pytest.raises(Blocked, match="login page"):
        await client.get(site.url("/private"))
    with pytest.raises(Blocked, match="401"):
        await client.get(site.serve("/basic", status=401))


@pytest.fixture
def refused_sizes(site: Site) -> list[str]:
    async def endless(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        while True:
            await response.write(bytes(65536))

    bomb = gzip.compress(bytes(20_000_000))
    return [
        site.serve("/announced", bytes(1_100_000)),
        site.handle("/endless", endless),
        site.serve("/bomb", bomb, headers={"Content-Encoding": "gzip"}),
    ]


async def test_large_answers_and_bombs_stop_at_the_limit(refused_sizes: list[str]) -> None:
    async with Client(local_options(max_bytes=1_000_000)) as client:
        for url in refused_sizes:
            with pytest.raises(FetchError, match="larger than 1 MB"):
                await client.get(url)


async def test_an_encoding_within_an_encoding_is_refused(site: Site, client: Client) -> None:
    twice = gzip.compress(gzip.compress(b"x"))
    url = site.serve("/", twice, headers={"Content-Encoding": "gzip, gzip"})
    with pytest.raises(FetchError, match="nobody asked for"):
        await client.get(url)


async def test_a_body_that_is_not_what_its_header_says_is_an_error(
    site: Site, client: Client
) -> None:
    url = site.serve("/", b"plain text", headers={"Content-Encoding": "gzip"})
    with pytest.raises(FetchError, match="not gzip"):
        await client.get(url)


@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        ("gzip", gzip.compress(b"news" * 500)),
        ("gzip", gzip.compress(b"news") + gzip.compress(b"more" * 500)),
        ("deflate", zlib.compress(b"news" * 500)),
        ("deflate", zlib.compress(b"news" * 500)[2:-4]),
    ],
    ids=["gzip", "second member", "deflate", "bare deflate"],
)
async def test_a_body_that_breaks_off_is_an_error(
    site: Site, client: Client, encoding: str, body: bytes
) -> None:
    for left in (len(body) - 1, len(body) - 8, 1):
        url = site.serve(f"/{left}", body[:left], headers={"Content-Encoding": encoding})
        with pytest.raises(FetchError, match="breaks off in the middle"):
            await client.get(url)


@pytest.mark.parametrize("size", [1, 7, 65536])
@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        ("gzip", gzip.compress(b"good ") + gzip.compress(b"") + gzip.compress(b"news")),
        ("gzip", gzip.compress(b"good news") + bytes(100)),
        ("gzip", gzip.compress(b"good news") + b"\x1f"),
        ("gzip", gzip.compress(b"good news") + b"\0" + gzip.compress(b" not read")),
        ("deflate", zlib.compress(b"good news") + b"\r\n"),
        ("deflate", zlib.compress(b"good news")[2:-4]),
    ],
    ids=["members", "padding", "half a mark", "trailing", "deflate and more", "bare deflate"],
)
def test_a_body_is_inflated_whole_however_it_is_cut(encoding: str, body: bytes, size: int) -> None:
    inflater = Inflater(encoding, limit=1000)
    for start in range(0, len(body), size):
        inflater.feed(body[start : start + size])
    assert inflater.body() == b"good news"


def test_members_are_inflated_no_further_than_the_limit() -> None:
    inflater = Inflater("gzip", limit=1000)
    with pytest.raises(TooLargeError):
        inflater.feed(gzip.compress(bytes(600)) * 2)


async def test_an_empty_body_is_no_error_whatever_its_encoding(site: Site, client: Client) -> None:
    url = site.serve("/", b"", headers={"Content-Encoding": "gzip"})
    assert (await client.get(url)).body == b""


async def test_a_silent_server_is_given_up(site: Site) -> None:
    released = asyncio.Event()

    async def hang(request: web.Request) -> web.Response:
        await released.wait()
        return web.Response()

    async with Client(local_options(timeout=0.05)) as client:
        with pytest.raises(FetchError, match=r"silent for 0\.05 s"):
            await client.get(site.handle("/", hang))
    released.set()


async def test_a_dripping_server_is_given_up_at_the_deadline(site: Site) -> None:
    async def drip(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        while True:
            await response.write(b".")
            await asyncio.sleep(0.01)

    async with Client(local_options(deadline=0.1)) as client:
        with pytest.raises(FetchError, match=r"no complete answer within 0\.1 s"):
            await client.get(site.handle("/", drip))


async def test_nobody_listening_is_one_clear_line(client: Client) -> None:
    # Held, so that nobody else gets the port, and not listened to.
    with socket.socket() as held, pytest.raises(FetchError, match="no answer") as caught:
        held.bind(("127.0.0.1", 0))
        await client.get(f"http://127.0.0.1:{held.getsockname()[1]}/")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("url", ["", "news", "ftp://a.example/", "http://", "http://[::1"])
async def test_what_is_no_web_address_is_one_clear_line(client: Client, url: str) -> None:
    with pytest.raises(FetchError):
        await client.get(url)


async def test_a_missing_certificate_file_is_one_clear_line(client: Client, tmp_path: Path) -> None:
    for content in (None, "no certificate"):
        path = tmp_path / "own.pem"
        if content:
            path.write_text(content)
        with pytest.raises(FetchError, match=r"own\.pem: cannot be read as certificates"):
            await client.get("https://a.example/", ca_file=path)


async def test_the_certificates_of_a_source_are_trusted_besides_the_public_ones(
    client: Client, site: Site
) -> None:
    bundle = Path(certifi.where())
    assert (await client.get(site.serve("/", "ok"), ca_file=bundle)).body == b"ok"


@pytest.mark.timeout(20)
async def test_nothing_waits_for_certificates_that_are_still_being_read(
    client: Client, site: Site, tmp_path: Path
) -> None:
    pipe = tmp_path / "slow.pem"
    os.mkfifo(pipe)
    url = site.serve("/", "ok")
    await client.get(url)
    slow = asyncio.create_task(client.get(url, ca_file=pipe))
    # The loop that would read the pipe itself would never come to what is written to it.
    assert (await client.get(url)).body == b"ok"
    await asyncio.to_thread(pipe.write_bytes, Path(certifi.where()).read_bytes())
    assert (await slow).body == b"ok"
