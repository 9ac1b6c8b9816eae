"""The pictures of README, made from the demo: `python -m bot.demo.pictures docs`.

stats.png     what /stats draws, of invented figures
channel.png   the channel as its readers see it: the posts of the demo
card.png      what the operators are asked about a story that is hard to tell

The latter two are pages that a headless Chromium photographs; where there is none, the pages
are left to be photographed by hand.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from bot.app import open_app
from bot.channel import Message, Span
from bot.charts import draw
from bot.clock import utc_now
from bot.commands.cards import keyboard
from bot.commands.decisions import review_card
from bot.demo.demo import demo_settings, served
from bot.demo.figures import invented_figures
from bot.demo.photograph import browser, photograph
from bot.demo.sites import SITES, URALS
from bot.demo.stories import DOUBTFUL, Story
from bot.errors import BotError
from bot.language import speaking
from bot.model import Entry, Reason, RecordedItem, Verdict
from bot.pages import write_whole
from bot.store import Store
from classifier import Classifier, compose, default_bundle_path, load_bundle
from config import PREVIEW
from scrapers import Item

WIDTH = 420
"""CSS pixels of a phone."""

_POSTS = 3
"""So many posts make a picture that still fits beside a text."""


@dataclass(frozen=True, slots=True)
class Said:
    """A message in a chat: Telegram HTML, the time beside it, the captions of its buttons."""

    html: Markup
    time: str
    rows: Sequence[Sequence[str]] = ()


class Gallery:
    """A channel that keeps what is posted."""

    chat = PREVIEW

    def __init__(self) -> None:
        self.posts: list[Message] = []

    async def send(self, message: Message) -> int:
        """Keep ``message``."""
        self.posts.append(message)
        return len(self.posts)

    async def remove(self, message_id: int) -> bool:
        """Return True, and do nothing: no operator looks on."""
        return True

    async def rewrite(self, message_id: int, message: Message) -> bool:
        """Return False: nothing is removed or edited."""
        return False

    async def find(self, message: Message, span: Span) -> int | None:
        """Return None: every post arrives."""
        return None


async def posts_of_the_demo() -> list[Message]:
    """Return what the demo posts, the oldest first."""
    gallery = Gallery()
    with tempfile.TemporaryDirectory(prefix="newsieve-pictures-") as name, served(SITES) as sources:
        folder = Path(name)
        settings = demo_settings(sources, folder, folder / "preview.html")
        async with (
            await Store.open(settings.store_url) as store,
            open_app(settings, store, [gallery]) as app,
        ):
            await app.once()
    return gallery.posts


def doubtful_entry(now: datetime) -> Entry:
    """Return the doubtful story of which the model is least sure, as it waits for review."""
    classifier = Classifier(load_bundle(default_bundle_path()))
    items = [_item(story, now) for story in DOUBTFUL]
    scores = [score.value for score in classifier.score([compose(i.title, i.text) for i in items])]
    threshold = classifier.threshold
    score, item = min(zip(scores, items, strict=True), key=lambda one: abs(one[0] - threshold))
    verdict = Verdict(Reason.UNSURE, score, threshold, classifier.model)
    return Entry(RecordedItem(217, item, now, False, (item.source,)), verdict, now, None, ())


def _item(story: Story, now: datetime) -> Item:
    url = f"https://talnikovsk.example/news/{story.slug}/"
    return Item(
        "Тальниковск онлайн", url, story.title, "\n".join(story.paragraphs), now - story.age
    )


def channel_page(posts: Sequence[Message], now: datetime) -> str:
    """Return the page of the channel with its newest posts."""
    shown = [Said(Markup(post.html), f"{now:%H:%M}") for post in posts[-_POSTS:]]  # noqa: S704
    return _page("Хорошие новости", "канал", shown)


def card_page(entry: Entry, now: datetime) -> str:
    """Return the page of the operators' chat with the card of an item that waits for review."""
    with speaking("ru"):
        card = review_card(entry)
    buttons = keyboard(card)
    rows = [[button.text for button in row] for row in buttons.inline_keyboard] if buttons else []
    said = Said(Markup(card.html), f"{now:%H:%M}", rows)  # noqa: S704
    return _page("newsieve", "бот", [said])


def _page(title: str, below: str, messages: Sequence[Said]) -> str:
    environment = Environment(
        loader=PackageLoader("bot.demo"), autoescape=True, undefined=StrictUndefined
    )
    template = environment.get_template("chat.html.j2")
    return template.render(title=title, below=below, messages=messages, language="ru")


def make_pictures(folder: Path, program: str | None) -> list[Path]:
    """Make the pictures in ``folder``; return the pages that are left to be photographed.

    Args:
        program: the browser that photographs pages; None leaves all of them.

    Raises:
        BotError: if one cannot be made or written.
    """
    now = utc_now().astimezone(URALS)
    posts = asyncio.run(posts_of_the_demo())
    folder.mkdir(parents=True, exist_ok=True)
    with speaking("ru"):
        (folder / "stats.png").write_bytes(draw(invented_figures()))
    left = []
    pages = {"channel": channel_page(posts, now), "card": card_page(doubtful_entry(now), now)}
    for name, text in pages.items():
        page = folder / f"{name}.html"
        write_whole(page, text)
        if program is None:
            left.append(page)
            continue
        photograph(page, folder / f"{name}.png", program=program, width=WIDTH)
        page.unlink()
    return left


def main() -> None:
    """Make the pictures and tell what is left to do."""
    parser = argparse.ArgumentParser(prog="python -m bot.demo.pictures", description=__doc__)
    parser.add_argument("folder", type=Path, help="where to put them")
    try:
        left = make_pictures(parser.parse_args().folder, browser())
    except (BotError, OSError) as error:
        sys.exit(f"bot.demo.pictures: {error}")
    if left:
        names = ", ".join(map(str, left))
        sys.exit(f"bot.demo.pictures: no Chromium here to photograph {names}")


if __name__ == "__main__":
    main()
