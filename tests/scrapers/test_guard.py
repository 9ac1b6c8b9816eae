"""Where connections may lead: nothing that others publish leads into an inner network."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

import httpx
import pytest

from scrapers import Blocked, Client, ClientOptions, FetchError
from scrapers.web.guard import open_transport
from tests.scrapers.conftest import Site, local_options

OPTIONS = ClientOptions(host_delay=0, timeout=2, robots=False)

PRIVATE = [
    "0.0.0.0",
    "10.0.0.1",
    "100.64.0.1",
    "127.0.0.1",
    "169.254.169.254",
    "172.16.0.1",
    "192.0.0.1",
    "192.0.2.1",
    "192.168.1.1",
    "198.18.0.1",
    "224.0.0.1",
    "255.255.255.255",
]
PRIVATE_6 = [
    "::",
    "::1",
    "100::1",
    "2001:2::1",
    "2001:db8::1",
    "4000::1",
    "fc00::1",
    "fe80::1",
    "fec0::1",
    "ff02::1",
    # An IPv4 address in them: written out, compatible, mapped, translated, NAT64, 6to4, Teredo.
    "::127.0.0.1",
    "::7f00:1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "::ffff:0:127.0.0.1",
    "64:ff9b::7f00:1",
    "64:ff9b:1::7f00:1",
    "2002:7f00:1::",
    "2001:0:7f00:1::",
    "2001:0:4136:e378:8000:63bf:80ff:fffe",
]
DISGUISED = [
    "2130706433",
    "017700000001",
    "0x7f000001",
    "0x7f.1",
    "0177.0.0.1",
    "127.1",
    "127.0.0.1.",
    "①②⑦.0.0.1",
    "127。0。0。1",
    "localhost",
    "LOCALHOST",
    "localhost.",
    "ⓛⓞⓒⓐⓛⓗⓞⓢⓣ",
    "[::1%25lo]",
    "[fe80::1%25eth0]",
]


@dataclass
class Names:
    """Resolves every name to the next of these answers, the last one from then on."""

    answers: list[list[str]]
    asked: list[str] = field(default_factory=list)

    def __call__(self, host: str, port: int, *_wanted: Any) -> Iterable[Any]:
        self.asked.append(host)
        chosen = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        for address in chosen:
            family = socket.AF_INET6 if ":" in address else socket.AF_INET
            where = (address, port, 0, 0) if ":" in address else (address, port)
            yield family, socket.SOCK_STREAM, socket.IPPROTO_TCP, "", where


def guarded(names: Names | None = None) -> httpx.AsyncBaseTransport:
    """Return what opens connections by the rules, and believes nobody."""
    trust = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    return open_transport(OPTIONS, trust, resolver=names)


@pytest.fixture(autouse=True)
def connected(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Tell where connections lead, and keep them on this machine."""
    led_to: list[str] = []
    connect = socket.socket.connect

    def stay(here: socket.socket, where: Any) -> None:
        led_to.append(where[0])
        if not where[0].startswith("127."):
            raise OSError("not from here")
        connect(here, where)

    monkeypatch.setattr(socket.socket, "connect", stay)
    return led_to


@pytest.mark.parametrize("host", [*PRIVATE, *(f"[{it}]" for it in PRIVATE_6)])
async def test_a_private_address_is_refused(host: str, connected: list[str]) -> None:
    async with Client(OPTIONS) as client:
        with pytest.raises(Blocked):
            await client.get(f"http://{host}/")
    assert connected == []


@pytest.mark.parametrize("host", DISGUISED)
async def test_a_private_address_is_not_connected_to_however_it_is_written(
    host: str, connected: list[str]
) -> None:
    async with Client(OPTIONS) as client:
        # Some are no address at all, or a name that nobody knows.
        with pytest.raises(FetchError):
            await client.get(f"http://{host}/")
    assert connected == []


@pytest.mark.parametrize("address", [*PRIVATE, *PRIVATE_6])
async def test_a_name_that_means_a_private_address_is_refused(address: str) -> None:
    names = Names([[address]])
    async with Client(OPTIONS, transport=guarded(names)) as client:
        with pytest.raises(Blocked):
            await client.get("http://gorod.example/")
    assert names.asked == ["gorod.example"]


@pytest.mark.parametrize("others", [["93.184.216.34"], ["2606:4700::1111", "93.184.216.34"]])
async def test_a_name_that_means_public_and_private_addresses_is_refused(others: list[str]) -> None:
    names = Names([[*others, "127.0.0.1"]])
    async with Client(OPTIONS, transport=guarded(names)) as client:
        with pytest.raises(Blocked, match=r"127\.0\.0\.1"):
            await client.get("http://gorod.example/")


async def test_the_connection_goes_to_the_address_that_was_checked(connected: list[str]) -> None:
    # Whoever asks for the name again is told another address.
    names = Names([["93.184.216.34"], ["127.0.0.1"]])
    async with Client(OPTIONS, transport=guarded(names)) as client:
        with pytest.raises(FetchError, match="no answer"):
            await client.get("http://gorod.example/")
    assert (names.asked, connected) == (["gorod.example"], ["93.184.216.34"])


async def test_a_name_is_checked_again_for_every_connection() -> None:
    names = Names([["93.184.216.34"], ["127.0.0.1"]])
    async with Client(OPTIONS, transport=guarded(names)) as client:
        with pytest.raises(FetchError, match="no answer"):
            await client.get("http://gorod.example/")
        with pytest.raises(Blocked):
            await client.get("http://gorod.example/")


async def test_an_international_name_is_asked_for_in_its_ascii_form() -> None:
    names = Names([["10.0.0.1"]])
    async with Client(OPTIONS, transport=guarded(names)) as client:
        with pytest.raises(Blocked):
            await client.get("http://ГОРОД.example/")
    assert names.asked == ["xn--c1ac3aaj.example"]


@pytest.mark.parametrize(
    "url",
    [
        "http://93.184.216.34:8080/",
        "https://93.184.216.34:22/",
        "http://user:secret@93.184.216.34/",
        "http://93.184.216.34@127.0.0.1/",
        "http://gorod.example\\@127.0.0.1/",
        "file:///etc/passwd",
        "ftp://93.184.216.34/",
        "gopher://93.184.216.34/",
        "data:text/html,news",
    ],
)
async def test_only_usual_ports_and_plain_web_addresses_are_fetched(
    url: str, connected: list[str]
) -> None:
    async with Client(OPTIONS) as client:
        with pytest.raises(FetchError):
            await client.get(url)
    assert connected == []


@pytest.mark.parametrize(
    "target",
    [
        "http://127.0.0.1/",
        "http://[::ffff:127.0.0.1]/",
        "http://localhost/",
        "//10.0.0.1/",
        "http://gorod.example:8080/",
        "http://user:secret@gorod.example/",
        "file:///etc/passwd",
        "http://[::1",
    ],
)
async def test_a_redirect_is_checked_like_any_address(target: str, connected: list[str]) -> None:
    class Redirecting(httpx.AsyncBaseTransport):
        """The guarded transport, with one public page in front that leads elsewhere."""

        def __init__(self) -> None:
            self.guarded = guarded()

        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            if str(request.url) == "http://public.example/":
                return httpx.Response(302, headers={"Location": target})
            return await self.guarded.handle_async_request(request)

        async def aclose(self) -> None:
            await self.guarded.aclose()

    async with Client(OPTIONS, transport=Redirecting()) as client:
        with pytest.raises(FetchError) as caught:
            await client.get("http://public.example/")
    assert connected == []
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    "url",
    [
        "http://user:secret@93.184.216.34/",
        "http://user:secret@127.0.0.1:8080/",
        "http://user:secret#@gorod.example/",
        "http://user:secret/@gorod.example/",
        "http://user:secret@xn--/",
    ],
)
async def test_a_refusal_tells_no_password_and_the_address_once(url: str) -> None:
    async with Client(OPTIONS) as client:
        with pytest.raises(FetchError) as caught:
            await client.get(url)
    assert "secret" not in str(caught.value)
    assert str(caught.value).count("http://") == 1


async def test_a_loopback_site_is_refused_without_the_setting(site: Site) -> None:
    async with Client(ClientOptions(host_delay=0)) as client:
        with pytest.raises(Blocked):
            await client.get(site.serve("/", "secret"))
    assert site.requests == []


async def test_requests_go_through_the_proxy(site: Site) -> None:
    async with Client(local_options(proxy=site.url("/"))) as client:
        with pytest.raises(FetchError):
            await client.get("http://far.example/news")
    assert [request.host for request in site.requests] == ["far.example"]


@pytest.mark.parametrize(
    "host",
    [
        "10.0.0.1",
        "localhost",
        "Localhost.",
        "intranet",
        "printer.local",
        "vault.service.internal",
        "router.home.arpa",
        "0x7f000001",
        "0x7f.0x1",
        "[::1]",
    ],
)
async def test_what_is_private_is_not_asked_of_a_proxy_either(site: Site, host: str) -> None:
    options = replace(OPTIONS, proxy=site.url("/"))
    async with Client(options) as client:
        with pytest.raises(Blocked):
            await client.get(f"http://{host}/")
        with pytest.raises(FetchError, match="answered 404"):
            await client.get("http://far.example/news")
    assert [request.host for request in site.requests] == ["far.example"]
