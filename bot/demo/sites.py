"""The sample news sites: what each of them answers, as data and templates.

They are as unlike as sites of small towns are: a feed in utf-8, a site in
windows-1251 that has no feed, a feed in koi8-r, and one site that is down.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import format_datetime
from http import HTTPStatus
from zoneinfo import ZoneInfo

from jinja2 import Environment, PackageLoader, StrictUndefined

from bot.demo.stories import LIPOGORSK, TALNIKOVSK, VERKHNEOZERSK, Story
from config.settings import SourceSettings

URALS = ZoneInfo("Asia/Yekaterinburg")

_MONTHS = (
    *("января", "февраля", "марта", "апреля", "мая", "июня"),
    *("июля", "августа", "сентября", "октября", "ноября", "декабря"),
)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a site answers to one path."""

    body: bytes
    content_type: str
    status: HTTPStatus = HTTPStatus.OK


@dataclass(frozen=True, slots=True)
class Page:
    """A story in its place on a site."""

    story: Story
    path: str
    url: str
    published: datetime


@dataclass(frozen=True, slots=True)
class Site:
    """A sample site.

    Attributes:
        entrance: path of its feed or its listing.
        template: of the entrance.
        content_type: of the entrance, as the server claims it.
        encoding: of all its pages; only the pages themselves tell.
        selectors: the settings of the source that are CSS selectors.
    """

    name: str
    stories: tuple[Story, ...]
    entrance: str
    template: str
    content_type: str
    encoding: str
    timezone: ZoneInfo = URALS
    selectors: Mapping[str, str] = field(default_factory=dict)

    def answers(self, root: str, now: datetime) -> dict[str, Answer]:
        """Return what the site answers, by path, when it is served at ``root``."""
        local = now.astimezone(self.timezone).replace(microsecond=0)
        pages = [self._page(story, root, local) for story in self.stories]
        entrance = self._answer(self.template, self.content_type, pages=pages, root=root, now=local)
        articles = {
            page.path: self._answer("article.html.j2", "text/html", page=page) for page in pages
        }
        return {self.entrance: entrance, **articles}

    def source(self, root: str) -> SourceSettings:
        """Return the settings of the source that reads this site at ``root``."""
        return SourceSettings(
            name=self.name, url=root + self.entrance, timezone=self.timezone, **self.selectors
        )

    def _page(self, story: Story, root: str, now: datetime) -> Page:
        path = f"/news/{story.slug}/"
        return Page(story, path, root + path, now - story.age)

    def _answer(self, template: str, content_type: str, **said: object) -> Answer:
        text = _TEMPLATES.get_template(template).render(
            name=self.name, encoding=self.encoding, **said
        )
        # koi8-r has no «» and no —: such sites write them as character references.
        return Answer(text.encode(self.encoding, "xmlcharrefreplace"), content_type)


@dataclass(frozen=True, slots=True)
class BrokenSite:
    """A site whose server is up and whose engine is not."""

    name: str

    def answers(self, root: str, now: datetime) -> dict[str, Answer]:
        """Return an error for the entrance."""
        return {"/": Answer(b"Fatal error", "text/plain", HTTPStatus.INTERNAL_SERVER_ERROR)}

    def source(self, root: str) -> SourceSettings:
        """Return the settings of the source that tries to read this site."""
        return SourceSettings(name=self.name, url=f"{root}/")


def _russian(moment: datetime) -> str:
    return f"{moment.day} {_MONTHS[moment.month - 1]} {moment.year}, {moment:%H:%M}"


def _templates() -> Environment:
    environment = Environment(
        loader=PackageLoader("bot.demo"), autoescape=True, undefined=StrictUndefined
    )
    filters: dict[str, Callable[[datetime], str]] = {
        "russian": _russian,
        "rfc822": format_datetime,
    }
    environment.filters.update(filters)
    return environment


_TEMPLATES = _templates()

SITES: tuple[Site | BrokenSite, ...] = (
    Site(
        name="Липогорский вестник",
        stories=LIPOGORSK,
        entrance="/rss.xml",
        template="rss.xml.j2",
        content_type="application/rss+xml; charset=utf-8",
        encoding="utf-8",
    ),
    Site(
        name="Верхнеозёрск сегодня",
        stories=VERKHNEOZERSK,
        entrance="/news/",
        template="listing.html.j2",
        content_type="text/html",
        encoding="windows-1251",
        selectors={
            "link": ".news a.title",
            "title": "h1",
            "text": ".body",
            "published": ".when",
        },
    ),
    Site(
        name="Тальниковск онлайн",
        stories=TALNIKOVSK,
        entrance="/atom.xml",
        template="atom.xml.j2",
        content_type="application/atom+xml",
        encoding="koi8-r",
    ),
    BrokenSite(name="Степногорье.Инфо"),
)
