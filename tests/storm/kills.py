"""Real newsieve processes, killed at random moments, with random trouble on the way to Telegram."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.emulator import (
    Chat,
    Emulator,
    Fault,
    Hold,
    Message,
    User,
    bad_gateway,
    conflict,
    drop_after,
    drop_before,
    flood,
    server_error,
    truncate,
)
from tests.newsserver import NewsServer, Story
from tests.process.home import Home, Newsieve
from tests.process.model import write_model
from tests.process.stem import Stem

CHAT = "@good_news"
OPERATOR = 7001
LONGEST_LIFE = 10.0
"""Seconds after which a process is killed although the fatal call has not come."""

_LAST_WORDS = 2000

LONGEST_REST = 120.0
"""Seconds in which the last process has to bring everything to an end."""

FAULTS: tuple[Callable[[], Fault], ...] = (
    drop_before,
    drop_after,
    truncate,
    server_error,
    lambda: server_error(done=True),
    bad_gateway,
    lambda: bad_gateway(done=True),
    lambda: flood(1),
    conflict,
)
WORDS = """
школа мост сад библиотека ярмарка дорога парк музей театр стадион больница вокзал пристань площадь
фонтан каток бассейн оркестр выставка фестиваль урожай яблоня пекарня мастерская трамвай автобус
велосипед набережная лодка маяк телескоп планетарий зоопарк заповедник журавль лосось бобёр косуля
пчела медведь ребёнок учитель врач пожарный садовник плотник художник музыкант архитектор инженер
студент ветеран сосед гость деревня город район область остров берег озеро родник лес роща поле луг
гора перевал открыть построить посадить починить вырастить подарить собрать спасти найти вернуть
украсить осветить праздник юбилей конкурс победа рекорд медаль премия книга картина песня спектакль
"""
METHODS = (
    *("sendMessage",) * 6,
    "getMe",
    "getUpdates",
    "deleteMessage",
    "forwardMessage",
    "getChat",
    "answerCallbackQuery",
)


@dataclass(frozen=True)
class Outcome:
    """What a storm has left.

    Attributes:
        kills: how many processes were killed while they ran.
        posts: how many items are seen in the channel.
        removed: how many of them were taken away, as an operator had asked.
        uncertain: how often a post was found in doubt.
        problems: what should not be; empty if all is well.
    """

    kills: int
    posts: int
    removed: int
    uncertain: int
    problems: tuple[str, ...]


class Storm:
    """One channel, one operator, news that keep coming, and a newsieve that is killed.

    Args:
        folder: where newsieve runs.
        seed: decides on everything that happens at random, but not on how fast the machine is.
        stem: what processes are forked from, if anything.
    """

    def __init__(
        self, folder: Path, telegram: Emulator, news: NewsServer, seed: int, stem: Stem | None
    ) -> None:
        self._random = random.Random(seed)
        self._telegram = telegram
        self._news = news
        self._channel: Chat = telegram.add_channel(CHAT)
        self._operator: User = telegram.add_user(OPERATOR, "Оператор")
        self._home = _home(folder, telegram, str(telegram.add_group("Черновик").id), stem)
        self._home.add_source("Вести", news.publish("/feed.xml", []))
        self._stories: list[Story] = []
        self._answered: set[int] = set()
        self._held: list[Hold] = []
        # The addresses of what the operator has called bad, and not taken back.
        self._called_bad: set[str] = set()
        self._kills = 0
        self._crashes: list[str] = []

    async def rage(self, kills: int) -> Outcome:
        """Kill so many processes, let a last one come to rest, and count up."""
        answering = asyncio.create_task(self._answer_cards())
        try:
            for _ in range(kills):
                await self._live_and_die()
            self._telegram.heal()
            await self._come_to_rest()
        finally:
            answering.cancel()
            await asyncio.gather(answering, return_exceptions=True)
            for newsieve in self._home.started:
                await newsieve.kill()
        return self._count_up()

    async def _live_and_die(self) -> None:
        """Start newsieve, let things happen, and kill it at a random call."""
        self._publish(self._random.choice([1, 1, 1, 2]))
        for _ in range(self._random.randrange(3)):
            fault = self._random.choice(FAULTS)()
            self._telegram.inject(self._random.choice(METHODS), fault)
        if self._random.random() < 0.3:
            self._change_a_mind()
        fatal = self._fatal_moment()
        newsieve = await self._home.start("run")
        await asyncio.wait({fatal}, timeout=LONGEST_LIFE)
        fatal.cancel()
        await asyncio.sleep(self._random.choice([0, 0, 0.002, 0.01, 0.05]))
        if newsieve.is_running:
            self._kills += 1
        else:
            self._crashes.append(f"ended by itself: {newsieve.log[-_LAST_WORDS:]}")
        await newsieve.kill()
        for hold in self._held:
            hold.release()
        self._held.clear()

    def _fatal_moment(self) -> asyncio.Future[object]:
        """Return what comes to pass when newsieve is to be killed."""
        if self._random.random() < 0.5:
            # In the middle of a post: before Telegram has done it, or before it has said so.
            hold = Hold(after=self._random.random() < 0.5)
            self._held.append(hold)
            self._telegram.inject("sendMessage", hold, when=self._goes_to_the_channel)
            return asyncio.ensure_future(hold.reached.wait())
        calls = len(self._telegram.calls) + self._random.randrange(1, 12)
        pulse = self._telegram.world.pulse
        reached = pulse.until(lambda: len(self._telegram.calls) >= calls, "a call")
        return asyncio.ensure_future(reached)

    def _goes_to_the_channel(self, parameters: Mapping[str, object]) -> bool:
        return str(parameters["chat_id"]) == str(self._channel.id)

    def _publish(self, count: int) -> None:
        for _ in range(count):
            number = len(self._stories) + 1
            # No two of them alike: a reprint would not be posted.
            text = " ".join(self._random.sample(WORDS.split(), 16))
            self._stories.append(Story(f"novost-{number}", f"Новость {number}: {text[:40]}", text))
        self._news.publish("/feed.xml", list(reversed(self._stories)))

    def _change_a_mind(self) -> None:
        """Let the operator call a post bad, or take that back.

        Only of what has come to rest, and nothing while another command waits: then what was said
        last is what must come of it, however often newsieve is killed over it. A post whose message
        only people know would have to be removed by hand.
        """
        settled = self._home.query(
            "SELECT items.url, items.id FROM posts JOIN items ON items.id = posts.item_id"
            " WHERE posts.state IN ('sent', 'removed') AND posts.wanted = (posts.state = 'sent')"
            " AND (posts.state = 'removed' OR posts.message_id IS NOT NULL)"
            " ORDER BY posts.id"
        )
        if not settled or not self._is_heard():
            return
        url, item_id = self._random.choice(settled)
        said = "/undo" if url in self._called_bad else "/bad"
        self._operator.say(f"{said} {item_id}")
        self._called_bad ^= {url}

    async def _answer_cards(self) -> None:
        """Look into the channel whenever a card asks, and say what is there."""
        while True:
            for card in self._operator.chat.from_bot:
                if card.id not in self._answered and _asks(card):
                    self._answered.add(card.id)
                    self._operator.call_back(card, self._truth(card))
            await self._telegram.world.pulse.next()

    def _truth(self, card: Message) -> str:
        seen = {link for post in self._channel.visible for link in post.links}
        posted, again = card.buttons.values()
        return posted if seen & set(card.links) else again

    async def _come_to_rest(self) -> None:
        newsieve = await self._home.start("run")
        deadline = asyncio.get_running_loop().time() + LONGEST_REST
        while not self._is_at_rest(newsieve):
            if asyncio.get_running_loop().time() > deadline:
                raise AssertionError(f"no rest within {LONGEST_REST:g} s:\n{newsieve.log}")
            # The ledger is on the disk: nobody tells when it has changed.
            await asyncio.sleep(0.2)

    def _is_at_rest(self, newsieve: Newsieve) -> bool:
        assert newsieve.is_running, newsieve.log
        waiting = self._home.query(
            "SELECT count(*) FROM posts WHERE state NOT IN ('sent', 'removed')"
            " OR wanted <> (state = 'sent')"
        )
        known = self._home.query("SELECT count(*) FROM posts")
        return waiting == [(0,)] and known == [(len(self._stories),)] and self._is_heard()

    def _is_heard(self) -> bool:
        return not self._telegram.world.updates

    def _count_up(self) -> Outcome:
        rows = self._home.query(
            "SELECT items.url, posts.wanted, posts.message_id FROM posts"
            " JOIN items ON items.id = posts.item_id"
        )
        wanted = {url for url, _, _ in rows} - self._called_bad
        seen = Counter(link for post in self._channel.visible for link in post.links)
        problems = [*self._crashes, *(f"lost: {url}" for url in sorted(wanted - set(seen)))]
        problems += [f"still seen: {url}" for url in sorted(set(seen) - wanted)]
        problems += [f"seen {count} times: {url}" for url, count in seen.items() if count > 1]
        problems += [
            f"the ledger says message {message_id}: {url}"
            for url, is_wanted, message_id in rows
            if is_wanted and message_id and self._channel.messages[message_id].links != [url]
        ]
        problems += [
            f"the ledger has not what the operator said: {url}"
            for url, is_wanted, _ in rows
            if bool(is_wanted) != (url in wanted)
        ]
        told = "".join(newsieve.log for newsieve in self._home.started)
        doubts = told.count('"post_uncertain"') + told.count('"post_interrupted"')
        return Outcome(self._kills, len(wanted), len(rows) - len(wanted), doubts, tuple(problems))


def _asks(card: Message) -> bool:
    return any(data.startswith("posted:") for data in card.buttons.values())


def _home(folder: Path, telegram: Emulator, scratch_chat: str, stem: Stem | None) -> Home:
    return Home(
        folder,
        {
            "telegram": {
                "token": telegram.token,
                "base_url": telegram.url,
                "operators": [OPERATOR],
                "operator_chat": str(OPERATOR),
                "scratch_chat": scratch_chat,
            },
            "store": {"url": "sqlite:///newsieve.db"},
            "classifier": {"model": str(write_model(folder / "model.json"))},
            "schedule": {
                "every": "1s",
            },
            "sender": {"per_minute": 60, "quarantine": "1s"},
            "http": {"allow_private_hosts": True, "host_delay": "0s", "timeout": "20s"},
            "channel": [{"chat": CHAT}],
        },
        stem,
    )
