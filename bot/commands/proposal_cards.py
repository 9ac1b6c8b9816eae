"""How sources that could be added are told to operators. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.commands.request import Button, Reply, data_of
from bot.commands.texts import (
    NAME_LENGTH,
    TITLE_LENGTH,
    bold,
    brief,
    escape,
    fitting,
    published_on,
)
from bot.language import gettext as _
from bot.language import ngettext, pgettext
from bot.render import link, one_line, plain, without_title
from bot.retold import retold
from scrapers import Item, Kind, ScrapeError
from scrapers.discovery.discover import SAMPLES, Proposal

ADDRESS_LENGTH = 150
WORDS_LENGTH = 140
REASON_LENGTH = 200


def proposal_card(number: int, proposal: Proposal) -> Reply:
    """Return the card of a source that could be added: what it shows, and two buttons."""
    asked = _(
        "Shall I add it? What stands there already is no news any more, except for the last hours."
    )
    lines = [*proposal_lines(proposal), "", asked]
    return Reply("\n".join(fitting(lines)), "", buttons=(_add(number), _leave(number)))


def proposal_lines(proposal: Proposal) -> list[str]:
    """Return what a source is and shows, as lines of HTML."""
    source = proposal.source
    told = ngettext(
        "{count} article is shown there now.",
        "{count} articles are shown there now.",
        len(proposal.links),
    )
    return [
        *_head(source.name, source.url, source.kind),
        told.format(count=len(proposal.links)),
        *(line for item in proposal.samples for line in _sample(item)),
        *map(_failure, proposal.failures[:SAMPLES]),
    ]


def settled_card(
    number: int, declaration: Mapping[str, Any], opening: str, *, open_: bool, more: Sequence[str]
) -> Reply:
    """Return what a card tells when one of its buttons was pressed.

    Args:
        number: of the proposal.
        declaration: the keys of the source.
        opening: what was done, plain.
        open_: it can still be added.
        more: further lines of HTML.
    """
    kind = declaration.get("kind")
    head = _head(str(declaration["name"]), str(declaration["url"]), Kind(kind) if kind else None)
    lines = [escape(opening), *head, *more]
    name, buttons = str(declaration["name"]), (_add(number),) * open_
    return Reply("\n".join(fitting(lines)), brief(opening), buttons=buttons, about=name)


def failure_line(error: ScrapeError) -> str:
    """Return what could not be read, and why."""
    address = one_line(error.source, ADDRESS_LENGTH)
    return f"{address}: {one_line(retold(error.reason), REASON_LENGTH)}"


def _failure(error: ScrapeError) -> str:
    return escape(_("Not read: {failure}").format(failure=failure_line(error)))


def _head(name: str, url: str, kind: Kind | None) -> list[str]:
    called = bold(escape(one_line(name, NAME_LENGTH)))
    head = f"{called} ({kind_word(kind)})" if kind else called
    return [head, link(url, one_line(url, ADDRESS_LENGTH))]


def kind_word(kind: Kind) -> str:
    """Return what a source is, in words."""
    return {
        Kind.FEED: pgettext("kind", "a feed"),
        Kind.SITEMAP: pgettext("kind", "a sitemap"),
        Kind.TELEGRAM: pgettext("kind", "a Telegram channel"),
        Kind.LISTING: pgettext("kind", "a page with links to articles"),
    }[kind]


def _sample(item: Item) -> list[str]:
    title = one_line(item.title, TITLE_LENGTH)
    shown = link(item.url, title or _("(no title)"))
    words = one_line(without_title(plain(item.text), title), WORDS_LENGTH)
    at = published_on(item.published) if item.published else _("no date")
    return ["", f"{shown}, {at}", *filter(None, [escape(words)])]


def _add(number: int) -> tuple[str, str]:
    return pgettext("source", "Add"), data_of(Button.ADD, number)


def _leave(number: int) -> tuple[str, str]:
    return pgettext("source", "No"), data_of(Button.LEAVE, number)
