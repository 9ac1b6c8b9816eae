"""Real newsieve processes, killed at random moments, with random trouble on the way to Telegram."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.emulator import Chat, Emulator, Hold, Message, User
from tests.newsserver import NewsServer, Story
from tests.process.home import Home, Newsieve
from tests.process.model import write_model
from tests.process.stem import Stem
from tests.storm.opinions import Opinions
from tests.storm.weather import FAULTS, METHODS, story

CHAT = "@good_news"
PREMODERATED = "@chosen_news"
CHATS = (CHAT, PREMODERATED)
OPERATOR = 7001
LONGEST_LIFE = 10.0
"""Seconds after which a process is killed although the fatal call has not come."""

_LAST_WORDS = 2000

LONGEST_REST = 120.0
"""Seconds in which the last process has to bring everything to an end."""

_AT_REST = (
    "(posts.wanted AND posts.state = 'sent' OR NOT posts.wanted AND (posts.state = 'queued'"
    " OR posts.state = 'removed' AND posts.sending_at IS NULL))"
)


@dataclass(frozen=True)
class Tally:
    """What a storm has left of one channel.

    Attributes:
        seen: how many items are seen there.
        unseen: how many are not: they wait for the operator, or he did not want them there.
    """

    chat: str
    seen: int
    unseen: int


@dataclass(frozen=True)
class Outcome:
    """What a storm has left.

    Attributes:
        kills: how many processes were killed while they ran.
        tallies: one for each channel.
        uncertain: how often a post was found in doubt.
        problems: what should not be; empty if all is well.
    """

    kills: int
    tallies: tuple[Tally, ...]
    uncertain: int
    problems: tuple[str, ...]


class Storm:
    """Two channels, one operator, news that keep coming, and a newsieve that is killed.

    One of the channels shows nothing before the operator has called it good.

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
        self._channels: dict[str, Chat] = {chat: telegram.add_channel(chat) for chat in CHATS}
        self._operator: User = telegram.add_user(OPERATOR, "Оператор")
        self._home = _home(folder, telegram, str(telegram.add_group("Черновик").id), stem)
        self._home.add_source("Вести", news.publish("/feed.xml", []))
        self._stories: list[Story] = []
        self._answered: set[int] = set()
        self._held: list[Hold] = []
        self._opinions = Opinions()
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
        if self._random.random() < 0.8:
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
            self._telegram.inject("sendMessage", hold, when=self._goes_to_a_channel)
            return asyncio.ensure_future(hold.reached.wait())
        calls = len(self._telegram.calls) + self._random.randrange(1, 12)
        pulse = self._telegram.world.pulse
        reached = pulse.until(lambda: len(self._telegram.calls) >= calls, "a call")
        return asyncio.ensure_future(reached)

    def _goes_to_a_channel(self, parameters: Mapping[str, object]) -> bool:
        ids = {str(channel.id) for channel in self._channels.values()}
        return str(parameters["chat_id"]) in ids

    def _publish(self, count: int) -> None:
        for _ in range(count):
            self._stories.append(story(len(self._stories) + 1, self._random))
        self._news.publish("/feed.xml", list(reversed(self._stories)))

    def _change_a_mind(self) -> None:
        """Let the operator call an item good or bad, or take that back.

        Only what has come to rest, and nothing while another command waits: then what was said
        last is what must come of it, however often newsieve is killed over it. A post whose message
        only people know would have to be removed by hand.
        """
        if not any(channel.visible for channel in self._channels.values()):
            # There may be no ledger yet.
            return
        settled = self._home.query(
            "SELECT items.url, items.id FROM posts JOIN items ON items.id = posts.item_id"
            f" GROUP BY items.id HAVING count(*) = {len(CHATS)} AND min({_AT_REST})"
            " AND min(posts.state <> 'sent' OR posts.message_id IS NOT NULL)"
            " ORDER BY items.id"
        )
        if settled and self._is_heard():
            url, item_id = self._random.choice(settled)
            self._tell(self._opinions.change(url, self._random), item_id)

    def _tell(self, command: str, item_id: int) -> None:
        """Let the operator press the button that says so, if there is one, or write it."""
        data = f"{command}:{item_id}"
        cards = (card for card in self._operator.chat.from_bot if data in card.buttons.values())
        card = next(cards, None)
        if card is None:
            self._operator.say(f"/{command} {item_id}")
        else:
            self._operator.call_back(card, data)

    async def _answer_cards(self) -> None:
        """Look into the channel whenever a card asks, and say what is there."""
        while True:
            for card in self._operator.chat.from_bot:
                if card.id not in self._answered and _asks(card):
                    self._answered.add(card.id)
                    self._operator.call_back(card, self._truth(card))
            await self._telegram.world.pulse.next()

    def _truth(self, card: Message) -> str:
        # The card names the channel before the item.
        chat = next(chat for chat in CHATS if chat in card.text)
        seen = {link for post in self._channels[chat].visible for link in post.links}
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
        unsettled = self._home.query(f"SELECT count(*) FROM posts WHERE NOT {_AT_REST}")
        known = self._home.query("SELECT count(*) FROM posts")
        everything = len(self._stories) * len(CHATS)
        return unsettled == [(0,)] and known == [(everything,)] and self._is_heard()

    def _is_heard(self) -> bool:
        return not self._telegram.world.updates

    def _count_up(self) -> Outcome:
        counted = [self._count_up_in(chat) for chat in CHATS]
        problems = [*self._crashes, *(problem for _, found in counted for problem in found)]
        told = "".join(newsieve.log for newsieve in self._home.started)
        doubts = told.count('"post_uncertain"') + told.count('"post_interrupted"')
        tallies = tuple(tally for tally, _ in counted)
        return Outcome(self._kills, tallies, doubts, tuple(problems))

    def _count_up_in(self, chat: str) -> tuple[Tally, list[str]]:
        """Compare what is seen in a channel with what the operator said, and with the ledger."""
        channel, premoderated = self._channels[chat], chat == PREMODERATED
        rows = self._home.query(
            "SELECT items.url, posts.wanted, posts.message_id FROM posts"
            f" JOIN items ON items.id = posts.item_id WHERE posts.chat = '{chat}'"
        )
        urls = {url for url, _, _ in rows}
        wanted = {url for url in urls if self._opinions.allow(url, premoderated=premoderated)}
        seen = Counter(link for post in channel.visible for link in post.links)
        problems = [f"lost: {url}" for url in sorted(wanted - set(seen))]
        problems += [f"still seen: {url}" for url in sorted(set(seen) - wanted)]
        problems += [f"seen {count} times: {url}" for url, count in seen.items() if count > 1]
        problems += [
            f"the ledger says message {message_id}: {url}"
            for url, is_wanted, message_id in rows
            if is_wanted and message_id and channel.messages[message_id].links != [url]
        ]
        problems += [
            f"the ledger has not what the operator said: {url}"
            for url, is_wanted, _ in rows
            if bool(is_wanted) != (url in wanted)
        ]
        tally = Tally(chat, len(wanted), len(urls - wanted))
        return tally, [f"{chat}: {problem}" for problem in problems]


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
            "channel": [{"chat": chat, "premoderate": chat == PREMODERATED} for chat in CHATS],
        },
        stem,
    )
