from __future__ import annotations

import pytest

from scrapers import FetchError, ScrapeError


@pytest.mark.parametrize(
    "address",
    [
        "https://user:secret@gorod.example/rss",
        "https://secret@gorod.example/rss",
        "https://user:s@secret@gorod.example/rss",
        "https://user:secret#1@gorod.example/rss",
        "https://user:secret/1@gorod.example/rss",
        "https://user:?secret@gorod.example/rss",
    ],
)
def test_no_password_of_an_address_is_told(address: str) -> None:
    error = FetchError(address, f"redirects to {address!r}, a login page")
    assert str(error) == (
        "https://gorod.example/rss: redirects to 'https://gorod.example/rss', a login page"
    )


@pytest.mark.parametrize(
    "address",
    [
        "https://gorod.example/@news/1",
        "https://gorod.example:8443/@news",
        "https://gorod.example/?to=a@b.example",
        "https://[::1]:80/@news",
        "Вестник",
    ],
)
def test_an_address_without_a_password_is_told_whole(address: str) -> None:
    assert ScrapeError(address, "empty").source == address


def test_what_others_wrote_is_told_as_one_line_that_can_be_stored() -> None:
    error = ScrapeError("Вестник", "a\x00b\nc\ud800d\u202ee")
    assert error.reason == "a b c d e"
