"""Settings are read again while newsieve runs, all of them or none."""

from __future__ import annotations

import signal

import pytest

from tests.emulator import Chat, Emulator, User
from tests.newsserver import NewsServer
from tests.process.home import Home, Newsieve, to_toml
from tests.process.stories import BRIDGE, FLOOD, GARDEN, LIBRARY, ROAD

pytestmark = pytest.mark.process


def write(home: Home) -> None:
    """Write the settings as they are now said to be."""
    (home.folder / "newsieve.toml").write_text(to_toml(home.settings), encoding="utf-8")


async def running(home: Home, news: NewsServer, telegram: Emulator, channel: Chat) -> Newsieve:
    home.settings["schedule"] = {"every": "1s", "slowest": "1s", "max_age": "6h"}
    home.add_source("Вести", news.publish("/feed.xml", [BRIDGE]))
    newsieve = await home.start("run")
    await telegram.wait_for_post(channel)
    return newsieve


async def test_a_source_that_was_written_down_is_fetched_without_a_restart(
    home: Home, news: NewsServer, telegram: Emulator, channel: Chat, operator: User
) -> None:
    newsieve = await running(home, news, telegram, channel)
    home.add_source("Радио", news.publish("/radio.xml", [GARDEN]))
    write(home)
    told = (await operator.ask("/reload")).text
    assert "The new settings are in force:\n• 1 source added: Радио" in told
    assert GARDEN.title in (await telegram.wait_for_post(channel, count=2)).text
    assert "nothing has changed" in (await operator.ask("/reload")).text
    assert "Радио" in (await operator.ask("/sources")).text
    home.settings["source"].pop(0)
    write(home)
    assert "1 source removed: Вести" in (await operator.ask("/reload")).text
    fetched = newsieve.log.count("Вести: ")
    await newsieve.wait_for_log("Радио: ", count=newsieve.log.count("Радио: ") + 3)
    # A run that was under way comes to its end, and no other begins.
    assert newsieve.log.count("Вести: ") <= fetched + 1
    assert "Вести" not in (await operator.ask("/sources")).text


async def test_a_hangup_reads_the_settings_again_and_operators_are_told(
    home: Home, news: NewsServer, telegram: Emulator, channel: Chat, operator: User
) -> None:
    newsieve = await running(home, news, telegram, channel)
    home.settings["classifier"]["threshold"] = 0.4
    home.settings["filter"] = {"min_words": 1}
    write(home)
    newsieve.send(signal.SIGHUP)
    told = await telegram.wait_for_message(operator.chat, containing="in force")
    assert "classifier.threshold" in told.text
    assert "filter.min_words" in told.text
    assert newsieve.is_running
    news.publish("/feed.xml", [ROAD, BRIDGE])
    await newsieve.wait_for_log('"item_rejected"')
    assert "0.4 is in force: that of the settings" in (await operator.ask("/threshold")).text


@pytest.mark.parametrize(
    ("section", "said", "problem"),
    [
        ("filter", {"min_words": -3, "cyrillic_share": 7}, "filter.min_words"),
        ("filter", {"cyrilic_share": 0.5}, "filter.cyrilic_share: no such setting"),
        ("store", {"url": "sqlite:///other.db"}, "store.url: takes effect at the next start only"),
    ],
)
async def test_a_mistake_or_what_takes_a_restart_leaves_the_old_settings_in_force(
    home: Home,
    news: NewsServer,
    telegram: Emulator,
    channel: Chat,
    operator: User,
    section: str,
    said: dict[str, object],
    problem: str,
) -> None:
    newsieve = await running(home, news, telegram, channel)
    home.settings[section] = said
    home.add_source("Радио", news.publish("/radio.xml", [GARDEN]))
    write(home)
    told = (await operator.ask("/reload")).text
    assert told.startswith("The settings stay as they were:")
    assert problem in told
    newsieve.send(signal.SIGHUP)
    await telegram.wait_for_message(operator.chat, containing=problem, after=3)
    assert len(newsieve.log.split('"settings_refused"')) >= 3
    news.publish("/feed.xml", [LIBRARY, BRIDGE])
    assert LIBRARY.title in (await telegram.wait_for_post(channel, count=2)).text
    assert "Радио" not in (await operator.ask("/sources")).text


async def test_another_token_is_refused_with_a_clear_word_and_never_told(
    home: Home, news: NewsServer, telegram: Emulator, channel: Chat, operator: User
) -> None:
    await running(home, news, telegram, channel)
    other = "70010203:AAAnotherInventedToken_0123456789abcdefg"
    home.settings["telegram"]["token"] = other
    write(home)
    told = (await operator.ask("/reload")).text
    assert "telegram.token: takes effect at the next start only" in told
    assert other not in told
    home.settings["telegram"]["token"] = telegram.token


async def test_what_is_not_toml_and_a_broken_template_are_told(
    home: Home, news: NewsServer, telegram: Emulator, channel: Chat, operator: User
) -> None:
    await running(home, news, telegram, channel)
    (home.folder / "post.html").write_text("<b>{{ title }}</b>", encoding="utf-8")
    home.settings["channel"][0]["template"] = "post.html"
    write(home)
    assert "channel[1].template" in (await operator.ask("/reload")).text
    (home.folder / "newsieve.toml").write_text("[telegram\n", encoding="utf-8")
    assert "newsieve.toml" in (await operator.ask("/reload")).text
    (home.folder / "newsieve.toml").unlink()
    assert "newsieve.toml" in (await operator.ask("/reload")).text


async def test_operators_come_and_go_with_the_settings(
    home: Home, news: NewsServer, telegram: Emulator, channel: Chat, operator: User
) -> None:
    await running(home, news, telegram, channel)
    anna = telegram.add_user(7002, "Вторая")
    assert "only work for" in (await anna.ask("/status")).text
    home.settings["telegram"]["operators"] = [operator.id, anna.id]
    write(home)
    await operator.ask("/reload")
    assert "The last 24 hours" in (await anna.ask("/status")).text
    home.settings["telegram"]["operators"] = [operator.id]
    write(home)
    await anna.ask("/reload")
    assert "only work for" in (await anna.ask("/status")).text


async def test_a_template_and_a_text_length_show_in_the_next_post(
    home: Home, news: NewsServer, telegram: Emulator, channel: Chat, operator: User
) -> None:
    await running(home, news, telegram, channel)
    template = '★ <a href="{{ url }}">{{ title }}</a>'
    (home.folder / "post.html").write_text(template, encoding="utf-8")
    home.settings["channel"][0]["template"] = "post.html"
    write(home)
    assert "channel @good_news: template" in (await operator.ask("/reload")).text
    news.publish("/feed.xml", [LIBRARY, FLOOD, BRIDGE])
    assert (await telegram.wait_for_post(channel, count=2)).text == f"★ {LIBRARY.title}"
