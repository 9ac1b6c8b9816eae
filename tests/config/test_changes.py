"""What has changed is told by its keys, and what of it takes a restart."""

from __future__ import annotations

from typing import Any

import pytest

from config import Settings
from config.changes import Changes, changes

VESTI = {"name": "Вести", "url": "https://vesti.example/rss"}
RADIO = {"name": "Радио", "url": "https://radio.example/rss"}
TOKEN = "70010203:AAInventedTokenForTests_0123456789abcd"


def settings(**said: Any) -> Settings:
    usual = {"channel": [{"chat": "@good_news"}], "source": [VESTI]}
    return Settings(**{**usual, **said})


def test_the_same_settings_have_no_changes() -> None:
    found = changes(settings(), settings(filter={"min_words": 5}))
    assert not found
    assert found == Changes()


def test_sources_are_told_by_their_names() -> None:
    before = settings(source=[VESTI, RADIO])
    after = settings(source=[{**RADIO, "tags": ["local"]}, {**VESTI, "name": "Новые вести"}])
    found = changes(before, after)
    assert (found.added, found.removed, found.altered) == (("Новые вести",), ("Вести",), ("Радио",))
    assert found.keys == ()


@pytest.mark.parametrize(
    ("said", "key"),
    [
        ({"classifier": {"threshold": 0.7}}, "classifier.threshold"),
        ({"classifier": {"review_band": [0.4, 0.6]}}, "classifier.review_band"),
        ({"schedule": {"max_age": "1d"}}, "schedule.max_age"),
        ({"filter": {"min_words": 9}}, "filter.min_words"),
        ({"sender": {"per_minute": 3}}, "sender.per_minute"),
        (
            {"channel": [{"chat": "@good_news", "silent": "23:00-07:00"}]},
            "channel @good_news: silent",
        ),
        ({"telegram": {"operators": [7], "operator_chat": "@office"}}, "telegram.operators"),
    ],
)
def test_what_takes_effect_at_once_is_not_locked(said: dict[str, Any], key: str) -> None:
    found = changes(settings(telegram={"operator_chat": "@office"}), settings(**said))
    assert key in found.keys
    assert key not in found.locked


@pytest.mark.parametrize(
    ("said", "key"),
    [
        ({"telegram": {"token": TOKEN}}, "telegram.token"),
        ({"telegram": {"language": "en"}}, "telegram.language"),
        ({"telegram": {"operators": [7]}}, "telegram.operators[1]"),
        ({"store": {"url": "sqlite:///other.db"}}, "store.url"),
        ({"http": {"robots": False}}, "http.robots"),
        ({"classifier": {"models": "elsewhere"}}, "classifier.models"),
        ({"channel": [{"chat": "@elsewhere"}]}, "channel"),
        ({"channel": [{"chat": "@good_news", "feed": "f.xml"}]}, "channel @good_news: feed"),
    ],
)
def test_what_takes_a_restart_is_locked(said: dict[str, Any], key: str) -> None:
    assert key in changes(settings(), settings(**said)).locked


def test_no_secret_is_told() -> None:
    found = changes(settings(), settings(telegram={"token": TOKEN}))
    assert TOKEN not in repr(found)
