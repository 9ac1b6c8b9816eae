"""What is given as an address is understood, or refused before anything is asked."""

from __future__ import annotations

import pytest

from bot.addresses import first_answer, meant_addresses
from config import ConfigError
from scrapers import Blocked, FetchError


@pytest.mark.parametrize(
    "written",
    [
        "https://gorod.example/news",
        "HTTP://Gorod.example",
        "https://город.рф/новости",
        "http://[::1]/",
    ],
)
def test_a_whole_address_is_taken_as_it_is(written: str) -> None:
    assert meant_addresses(f" {written}\n") == (written,)


@pytest.mark.parametrize(
    "written", ["gorod.example/news", "gorod.example:8080", "gorod.example/?to=http://a.example"]
)
def test_what_names_no_scheme_is_at_https_or_else_at_http(written: str) -> None:
    assert meant_addresses(written) == (f"https://{written}", f"http://{written}")
    assert meant_addresses(f"//{written}") == meant_addresses(written)


@pytest.mark.parametrize("written", ["@gorod_news", "t.me/gorod_news", "https://t.me/s/gorod_news"])
def test_a_channel_is_at_its_address(written: str) -> None:
    assert meant_addresses(written) == ("https://t.me/gorod_news",)


@pytest.mark.parametrize(
    "written",
    [
        *("", " ", "http://", "https:///news", "http:/gorod.example", "ftp://gorod.example/news"),
        *("file:///etc/passwd", "/etc/passwd", "./page.html", "javascript:alert(1)", "-", ".."),
        *("gorod novosti", "http://gorod novosti/", "https://%67.example/", "mailto:a@b.example"),
        "t.me/joinchat/abc",
    ],
)
def test_what_is_no_web_address_is_refused(written: str) -> None:
    with pytest.raises(ConfigError):
        meant_addresses(written)


def test_a_refusal_tells_no_password() -> None:
    with pytest.raises(ConfigError) as refusal:
        meant_addresses("ftp://editor:verysecret@gorod.example/")
    assert "verysecret" not in str(refusal.value)


async def test_the_next_address_is_asked_only_where_nobody_answers() -> None:
    asked: list[str] = []

    async def ask(address: str) -> str:
        asked.append(address)
        if address == "silent":
            raise FetchError(address, "no answer")
        if address == "refused":
            raise Blocked(address, "not permitted")
        if address == "missing":
            raise FetchError(address, "answered 404", status=404)
        return f"news of {address}"

    assert await first_answer(["silent", "there"], ask) == "news of there"
    with pytest.raises(FetchError, match="404"):
        await first_answer(["missing", "there"], ask)
    with pytest.raises(Blocked):
        await first_answer(["refused", "there"], ask)
    with pytest.raises(FetchError, match="no answer"):
        await first_answer(["silent", "silent"], ask)
    assert asked == ["silent", "there", "missing", "refused", "silent", "silent"]
