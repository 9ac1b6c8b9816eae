"""Operators add, try and remove sources in chat."""

from __future__ import annotations

import signal
from dataclasses import replace
from pathlib import Path

import pytest

from tests.emulator import Chat, Emulator, Message, User
from tests.newsserver import NewsServer, hang, page
from tests.process.home import Home, Newsieve, to_toml
from tests.process.pressing import pressed
from tests.process.stories import BRIDGE, GARDEN, LIBRARY, MARKET, OLD

pytestmark = pytest.mark.process

COMMENTS = "# Наши источники.\r\n\r\n# конец"
STORIES = [
    replace(story, slug=f"news/{story.slug}-{number}.html", title=f"{story.title} <№ {number}>")
    for number, story in enumerate((GARDEN, LIBRARY, MARKET, OLD), 1001)
]


@pytest.fixture
def sources(home: Home) -> Path:
    """The file of the sources, which nobody but the commands writes."""
    path = home.folder / "sources.toml"
    path.write_bytes(COMMENTS.encode())
    return path


async def running(home: Home, news: NewsServer) -> Newsieve:
    home.settings["telegram"]["language"] = "ru"
    home.add_source("Вести", news.publish("/a/vesti.xml", [BRIDGE]))
    newsieve = await home.start("run")
    await newsieve.wait_for_log('"post_sent"')
    return newsieve


async def proposed(telegram: Emulator, operator: User, address: str) -> Message:
    """Ask for a source; return the card."""
    told = await operator.ask(f"/source add {address}")
    assert told.text.startswith(f"I am looking at {address[:50]}"), told.text
    return await telegram.wait_for_message(operator.chat, after=told.id)


async def test_an_address_becomes_a_source_by_a_card_and_a_tap(
    home: Home,
    news: NewsServer,
    telegram: Emulator,
    channel: Chat,
    operator: User,
    sources: Path,
) -> None:
    newsieve = await running(home, news)
    address = news.publish_listing("/", STORIES)
    card = await proposed(telegram, operator, address.removeprefix("http://"))
    assert "(a page with links to articles)" in card.text
    assert "4 articles are shown there now." in card.text
    assert all(story.title in card.text for story in STORIES[:3])
    assert STORIES[3].title not in card.text
    assert set(card.links) >= {address, news.address(f"/{STORIES[0].slug}")}
    assert sources.read_bytes().decode() == COMMENTS
    add = card.buttons["Add"]
    assert (await pressed(telegram, operator, card, "No")).startswith("It was not added.")
    assert (await pressed(telegram, operator, card, "Add")).startswith("Added to sources.toml.")
    assert card.buttons == {}
    text = sources.read_bytes().decode()
    assert text.startswith(COMMENTS)
    # The oldest of the four was there before.
    await newsieve.wait_for_log('"post_sent"', count=4)
    await newsieve.wait_for_log('"item_rejected"')
    assert sorted(m.text.splitlines()[0] for m in channel.visible) == sorted(
        story.title for story in (BRIDGE, *STORIES[:3])
    )
    # Pressed once more, on an old card and by somebody else, it does no harm.
    anna = telegram.add_user(7002, "Вторая")
    assert "this address already" in await operator.call_back(card, add).answered()
    # The card is in a chat that is not hers: others may read there too.
    assert "только для операторов" in await anna.call_back(card, add).answered()
    assert sources.read_bytes().decode() == text
    assert "this address already" in (await operator.ask(f"/source add {address}")).text


async def test_a_card_outlives_a_restart_and_a_source_that_came_meanwhile(
    home: Home, news: NewsServer, telegram: Emulator, channel: Chat, operator: User, sources: Path
) -> None:
    newsieve = await running(home, news)
    address = news.publish("/radio.xml", STORIES)
    first = await proposed(telegram, operator, address)
    second = await proposed(telegram, operator, address)
    newsieve.send(signal.SIGTERM)
    assert (await newsieve.end()).code == 0
    await home.start("run")
    assert "Added to sources.toml." in await pressed(telegram, operator, first, "Add")
    assert "has this address already" in await pressed(telegram, operator, second, "Add")
    assert sources.read_bytes().decode().count("[[source]]") == 1
    assert "I know nothing of this" in await operator.call_back(first, "add:999").answered()


async def test_sources_are_tried_and_removed_and_put_back(
    home: Home, news: NewsServer, telegram: Emulator, channel: Chat, operator: User, sources: Path
) -> None:
    newsieve = await running(home, news)
    assert "the only source" in (await operator.ask("/source remove вести")).text
    asked = await operator.ask("/source test Вести")
    told = await telegram.wait_for_message(operator.chat, after=asked.id)
    assert BRIDGE.title in told.text
    assert told.buttons == {}
    block = f'\n[[source]]\nname = "Радио!"\nurl = "{news.publish("/radio.xml", [GARDEN])}"\n'
    whole = f'{COMMENTS}\n{block}tags = ["город"]\n'.replace("\r\n", "\n")
    sources.write_text(whole, encoding="utf-8")
    await operator.ask("/reload")
    await newsieve.wait_for_log('"post_sent"', count=2)
    card = await operator.ask("/source remove радио!")
    assert card.text.startswith("Removed from sources.toml. What it brought stays.\nРадио!")
    assert "Радио" not in (await operator.ask("/sources")).text
    assert "Радио" not in sources.read_text("utf-8")
    assert "Added to" in await pressed(telegram, operator, card, "Add")
    assert 'tags = ["город"]' in sources.read_text("utf-8")
    assert "Радио!" in (await operator.ask("/sources")).text
    assert "No source is called" in (await operator.ask("/source remove Нет такого")).text


async def test_what_cannot_be_a_source_is_one_plain_line(
    home: Home, news: NewsServer, telegram: Emulator, channel: Chat, operator: User, sources: Path
) -> None:
    await running(home, news)
    for written in ("", " add", " add a.example b.example", " remove", " что-то"):
        assert (await operator.ask(f"/source{written}")).text.startswith("/source add gorod")
    wrong = ("ftp://gorod.example", "https://", "t.me/joinchat/abc", "http://a:b@gorod.example")
    for written in (*wrong, "слово" * 800):
        told = (await operator.ask(f"/source add {written}")).text
        assert told.startswith("This is neither a web address nor a public channel.")
    assert (
        "has this address already"
        in (await operator.ask(f"/source add {news.address('/a/vesti.xml?utm_source=a')}")).text
    )
    news.serve("/empty", page("<html><body><p>Здесь ничего нет.</p></body></html>"))
    for path in ("/empty", "/gone"):
        told = (await proposed(telegram, operator, news.address(path))).text
        assert told.startswith(f"I find no news there. {news.address(path)}: ")
        assert len(told.splitlines()) == 1
    told = (await proposed(telegram, operator, "https://gorod.invalid")).text
    assert told.startswith("I find no news there. https://gorod.invalid")
    assert "no answer" in told
    assert sources.read_bytes().decode() == COMMENTS


async def test_what_cannot_be_written_is_told_and_can_be_tried_again(
    home: Home, news: NewsServer, telegram: Emulator, channel: Chat, operator: User, sources: Path
) -> None:
    await running(home, news)
    card = await proposed(telegram, operator, news.publish("/radio.xml", [GARDEN]))
    sources.unlink()
    sources.symlink_to(home.folder / "nowhere" / "sources.toml")
    told = await pressed(telegram, operator, card, "Add")
    assert told.startswith("Nothing was written:")
    assert "sources.toml: No such file or directory" in told
    operator.language = "ru"
    told = await pressed(telegram, operator, card, "Add")
    assert "sources.toml: такого файла или папки нет" in told
    sources.unlink()
    home.settings["filter"] = {"min_words": -3}
    (home.folder / "newsieve.toml").write_text(to_toml(home.settings), encoding="utf-8")
    told = await pressed(telegram, operator, card, "Добавить")
    assert "filter.min_words: должно быть не меньше 0" in told
    assert not sources.exists()
    del home.settings["filter"]
    home.settings["schedule"]["max_age"] = "6h"
    (home.folder / "newsieve.toml").write_text(to_toml(home.settings), encoding="utf-8")
    operator.language = "en"
    told = await pressed(telegram, operator, card, "Добавить")
    assert "Added to sources.toml." in told
    assert "schedule.max_age" in told
    assert GARDEN.title in (await telegram.wait_for_post(channel, count=2)).text


async def test_while_a_site_is_looked_at_commands_go_on_and_a_stop_does_not_wait(
    home: Home, news: NewsServer, telegram: Emulator, channel: Chat, operator: User, sources: Path
) -> None:
    home.settings["http"].update(timeout="100s", host_requests=9)
    newsieve = await running(home, news)
    address = news.serve("/slow", hang())
    for _number in range(12):
        asked = await operator.ask(f"/source add {address}")
    await news.wait_for_request("/slow", count=3)
    assert "many sites already" in (await operator.ask(f"/source add {address}")).text
    assert "The last 24 hours" in (await operator.ask("/status")).text
    newsieve.send(signal.SIGTERM)
    assert (await newsieve.end(timeout=30)).code == 0
    told = [m.text for m in operator.chat.from_bot if m.id > asked.id]
    assert sum("I am being stopped" in text for text in told) == 12


async def test_addresses_of_this_machine_are_not_looked_at(
    home: Home, news: NewsServer, telegram: Emulator, channel: Chat, operator: User, sources: Path
) -> None:
    home.settings["http"]["allow_private_hosts"] = False
    home.add_source("Вести", "https://gorod.invalid/rss")
    await home.start("run")
    for address in (news.address("/"), "http://[::1]/", "http://169.254.169.254/latest"):
        assert "is not permitted" in (await proposed(telegram, operator, address)).text
    assert news.requests == []


async def test_a_pass_adds_sources_too_and_the_environment_may_say_there_are_no_others(
    home: Home, news: NewsServer, telegram: Emulator, channel: Chat, operator: User, sources: Path
) -> None:
    home.add_source("Вести", news.publish("/a/vesti.xml", [BRIDGE]))
    asked = operator.say(f"/source add {news.publish('/radio.xml', [GARDEN])}")
    assert (await home.do("once")).code == 0
    card = await telegram.wait_for_message(
        operator.chat, containing="Shall I add it?", after=asked.id
    )
    operator.press(card, "Add")
    assert (await home.do("once")).code == 0
    assert "It counts from the next pass on." in card.text
    assert (await home.do("once")).code == 0
    assert len(channel.visible) == 2
    operator.language = "ru"
    alone = {"NEWSIEVE_SOURCE": f'[{{"name":"Вести","url":"{news.address("/a/vesti.xml")}"}}]'}
    asked = operator.say(f"/source add {news.address('/other.xml')}")
    passed = await home.do("once", environment=alone)
    assert passed.code == 0
    told = await telegram.wait_for_message(operator.chat, after=asked.id)
    assert told.text == (
        "Здесь ничего нельзя добавить: source: источники заданы переменной окружения "
        "NEWSIEVE_SOURCE"
    )
    assert "Nothing can be added here: source: NEWSIEVE_SOURCE" in passed.log
