"""What has changed is told by its keys, and what of it takes a restart."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import BaseModel

from config import ChannelSettings, Settings
from config.changes import Changes, changes, usable_now

VESTI = {"name": "Вести", "url": "https://vesti.example/rss"}
RADIO = {"name": "Радио", "url": "https://radio.example/rss"}
TOKEN = "70010203:AAInventedTokenForTests_0123456789abcd"

AT_ONCE: dict[str, dict[str, Any]] = {
    "telegram": {"operators": [7, 8], "language": "en"},
    "classifier": {"threshold": 0.7, "review_band": [0.4, 0.6], "retrain_every": "7d"},
    "schedule": {
        "every": "1h",
        "fastest": "1m",
        "slowest": "3h",
        "first_run_age": "1h",
        "max_age": "1d",
    },
    "filter": {"min_words": 9, "cyrillic_share": 0.1},
    "review": {"audit_share": 0.1},
    "sender": {"per_minute": 3, "quarantine": "1s", "expire": "1h", "text_length": 9},
    "preview": {"page": "/srv/other.html"},
}
AFTER_A_RESTART: dict[str, dict[str, Any]] = {
    "telegram": {
        "token": TOKEN,
        "token_file": __file__,
        "base_url": "https://bots.example",
        "operator_chat": "@elsewhere",
        "scratch_chat": "@scratch",
        "proxy": "http://proxy.example:3128",
    },
    "store": {"url": "sqlite:///other.db"},
    "classifier": {"model": __file__, "models": "/srv/elsewhere", "custom": __file__},
    "http": {
        "allow_private_hosts": True,
        "robots": False,
        "user_agent_contact": "editor@gazeta.example",
        "host_delay": "9s",
        "max_crawl_delay": "9s",
        "max_pause": "9s",
        "host_requests": 9,
        "max_requests": 9,
        "timeout": "9s",
        "max_bytes": 90_000,
        "proxy": "http://proxy.example:3128",
    },
}
OF_A_CHANNEL: dict[str, Any] = {
    "sources": ["Вести"],
    "timezone": "Asia/Omsk",
    "template": __file__,
    "per_minute": 3,
    "silent": "23:00-07:00",
    "feed": "/srv/feed.xml",
    "premoderate": True,
    "also": False,
}


def settings(**said: Any) -> Settings:
    usual = {
        "telegram": {"operators": [7]},
        "channel": [{"chat": "@good_news"}],
        "source": [VESTI],
    }
    return Settings(**{**usual, **said})


def found(before: Settings, written: Settings) -> Changes:
    return changes(before, usable_now(before, written), written)


def keys_of(*tables: dict[str, dict[str, Any]]) -> set[str]:
    return {f"{section}.{key}" for table in tables for section in table for key in table[section]}


def cases(table: dict[str, dict[str, Any]]) -> list[Any]:
    return [
        pytest.param(section, key, value, id=f"{section}.{key}")
        for section, said in table.items()
        for key, value in said.items()
    ]


def test_of_every_setting_it_is_known_whether_it_takes_a_restart() -> None:
    sections = {name: getattr(settings(), name) for name in Settings.model_fields}
    assert keys_of(AT_ONCE, AFTER_A_RESTART) == {
        f"{name}.{key}"
        for name, section in sections.items()
        if isinstance(section, BaseModel)
        for key in type(section).model_fields
    }
    assert {"chat", *OF_A_CHANNEL} == set(ChannelSettings.model_fields)


def test_the_same_settings_have_no_changes() -> None:
    assert found(settings(), settings(filter={"min_words": 5})) == Changes()


@pytest.mark.parametrize(("section", "key", "value"), cases(AT_ONCE))
def test_what_takes_effect_at_once(section: str, key: str, value: Any) -> None:
    said = {**({"operators": [7]} if section == "telegram" else {}), key: value}
    written = settings(**{section: said})
    now = usable_now(settings(), written)
    assert found(settings(), written) == Changes(keys=(f"{section}.{key}",))
    assert getattr(getattr(now, section), key) == getattr(getattr(written, section), key)


@pytest.mark.parametrize(("section", "key", "value"), cases(AFTER_A_RESTART))
def test_what_takes_a_restart_stays_as_it_is_and_is_told_until_then(
    section: str, key: str, value: Any
) -> None:
    said = {**({"operators": [7]} if section == "telegram" else {}), key: value}
    written = settings(**{section: said})
    now = usable_now(settings(), written)
    assert found(settings(), written) == Changes(waiting=(f"{section}.{key}",))
    assert now.operator_chat == "7"
    assert found(now, written) == found(settings(), written)
    assert not found(now, settings())
    assert TOKEN not in repr(found(settings(), written))


@pytest.mark.parametrize(("key", "value"), OF_A_CHANNEL.items())
def test_all_that_is_said_of_a_channel_takes_effect_at_once(key: str, value: Any) -> None:
    written = settings(channel=[{"chat": "@good_news", key: value}])
    assert found(settings(), written) == Changes(keys=(f"channel @good_news: {key}",))
    assert usable_now(settings(), written).channel == written.channel


def test_which_channels_there_are_takes_a_restart() -> None:
    written = settings(channel=[{"chat": "@more_news"}, {"chat": "@good_news", "per_minute": 3}])
    now = usable_now(settings(), written)
    assert [(channel.chat, channel.per_minute) for channel in now.channel] == [("@good_news", 3)]
    told = Changes(keys=("channel @good_news: per_minute",), waiting=("channel",))
    assert found(settings(), written) == told
    gone = settings(channel=[{"chat": "@more_news"}])
    assert usable_now(settings(), gone).channel == settings().channel


def test_another_first_operator_gets_the_cards_after_a_restart() -> None:
    written = settings(telegram={"operators": [8, 7]})
    now = usable_now(settings(), written)
    assert now.telegram.operators == (8, 7)
    assert now.operator_chat == "7"
    told = Changes(keys=("telegram.operators",), waiting=("telegram.operator_chat",))
    assert found(settings(), written) == told
    assert found(now, written) == Changes(waiting=("telegram.operator_chat",))


def test_where_there_was_no_operator_the_first_one_takes_a_restart() -> None:
    before = settings(telegram={})
    assert usable_now(before, settings()).telegram.operators == ()
    assert "telegram.operators" in found(before, settings()).waiting


def test_sources_are_told_by_their_names() -> None:
    before = settings(source=[VESTI, RADIO])
    after = settings(source=[{**RADIO, "tags": ["local"]}, {**VESTI, "name": "Новые вести"}])
    told = Changes(added=("Новые вести",), removed=("Вести",), altered=("Радио",))
    assert found(before, after) == told
