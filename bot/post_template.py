"""The form of posts: a template of Jinja2 that makes Telegram HTML. Pure but for load."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, timezone
from pathlib import Path
from traceback import extract_tb

from babel.dates import format_date, format_datetime
from jinja2 import TemplateSyntaxError
from jinja2.meta import find_undeclared_variables

from bot.markup import links_in
from bot.sandbox import Sandbox, TooMuchError, run

BUILT_IN_PATH = Path(__file__).parent / "templates" / "post.html.j2"

_EMPTY_LINES = re.compile(r"\s*\n\s*\n\s*")


class TemplateError(ValueError):
    """A template makes no post; the message says in one line why."""


class _NoLinkError(TemplateError):
    """A post has no link to its item that readers can see."""


@dataclass(frozen=True, slots=True)
class Other:
    """Another source that tells the story: what it is called, and where it does."""

    source: str
    url: str


@dataclass(frozen=True, slots=True)
class Shown:
    """What a template may show: its variables.

    Attributes:
        title: one line of plain text; empty if the item has none.
        lead: the beginning of the text, plain, its paragraphs one a line; may be empty.
        url: the item's own address.
        source: what the source is called.
        published: a moment in the zone of the channel, or the day alone if the site tells no more;
            None if it does not tell.
        also: other sources that tell the story, in the order in which they came.
        more: how many of them are not in ``also``.
    """

    title: str
    lead: str
    url: str
    source: str
    published: date | None
    also: tuple[Other, ...] = ()
    more: int = 0


_SAMPLE = Shown(
    title="В Заречье открыли мост",
    lead="Движение пустили утром. Первыми проехали школьники.",
    url="https://gazeta.example/news/1?from=top&page=2",
    source="Газета",
    published=datetime(2024, 3, 9, 12, 30, tzinfo=timezone.utc),
)
_SAMPLES = (
    _SAMPLE,
    replace(_SAMPLE, lead="", published=None),
    replace(_SAMPLE, published=date(2024, 3, 9)),
    replace(_SAMPLE, also=(Other("Радио", "https://radio.example/5"),), more=2),
)
"""What any template must be able to show."""

_UNTITLED = replace(_SAMPLE, title="")


class PostTemplate:
    """A form of posts.

    Args:
        text: the template. Texts are escaped, what it says itself is Telegram HTML.

    Raises:
        TemplateError: if it is none, or makes posts that Telegram or newsieve could not take:
            with unknown tags, or without a link to the item.

    Attributes:
        text: as given.
        shows_also: it looks at who else tells the story.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        environment = _environment()
        try:
            tree = environment.limited(text)
            self._template = environment.from_string(tree)
        except TemplateSyntaxError as error:
            raise TemplateError(f"line {error.lineno}: {error.message}") from None
        except TooMuchError as error:
            raise TemplateError(str(error)) from None
        used = find_undeclared_variables(tree)
        self.shows_also = not used.isdisjoint(("also", "more"))
        for sample in _SAMPLES:
            self.render(sample)
        # The title may be all that carries the link: few items have none, and they have the
        # built-in form then.
        with suppress(_NoLinkError):
            self.render(_UNTITLED)

    @classmethod
    def load(cls, path: Path) -> PostTemplate:
        """Return the template in a file.

        Raises:
            TemplateError: if it cannot be read, and as above.
        """
        try:
            return cls(path.read_text(encoding="utf-8"))
        except OSError as error:
            raise TemplateError(f"cannot be read: {error.strerror}") from None
        except UnicodeDecodeError:
            raise TemplateError("is not a text in UTF-8") from None

    def render(self, shown: Shown) -> str:
        """Return a post as Telegram HTML, of any length; at most one empty line in a row.

        Raises:
            TemplateError: if that goes wrong, or the post does not link to its item.
        """
        try:
            made = run(self._template, asdict(shown))
        except TooMuchError as error:
            raise TemplateError(str(error)) from None
        except Exception as error:  # a template is a program of somebody else: it may raise all
            told = " ".join(f"{type(error).__name__}: {error}".split())
            raise TemplateError(f"{_place_of(error)}{told}") from error
        return _checked(_EMPTY_LINES.sub("\n\n", made).strip(), shown.url)


def _place_of(error: Exception) -> str:
    """Return in which line of a template an error was raised, as far as that is known."""
    lines = [at.lineno for at in extract_tb(error.__traceback__) if at.filename == "<template>"]
    return f"line {lines[0]}: " if lines else ""


def _checked(markup: str, url: str) -> str:
    try:
        links = links_in(markup)
    except ValueError as error:
        raise TemplateError(str(error)) from None
    if url not in links:
        # By its link a post is found again after a network error: without it none is sent.
        raise _NoLinkError('a post has no link to its item: write <a href="{{ url }}">…</a>')
    return markup


def _moment(moment: date) -> str:
    """``9 марта, 15:30``, or ``9 марта``."""
    if isinstance(moment, datetime):
        return format_datetime(moment, "d MMMM, HH:mm", locale="ru")
    return format_date(moment, "d MMMM", locale="ru")


def _environment() -> Sandbox:
    environment = Sandbox()
    environment.filters["moment"] = _moment
    return environment


BUILT_IN = PostTemplate.load(BUILT_IN_PATH)
