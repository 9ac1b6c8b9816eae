"""The articles behind links: of a listing, of a sitemap."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from scrapers.address import canonical_url
from scrapers.apart.aside import read_aside
from scrapers.articles.article import Article, read_article
from scrapers.errors import Blocked, Challenged, FetchError, ParseError, ScrapeError
from scrapers.kinds.identity import identified
from scrapers.kinds.visit import Visit
from scrapers.run import Run
from scrapers.source import Source
from scrapers.web.challenge import find_challenge
from scrapers.web.client import Page

MAX_ARTICLES = 30
"""How many article pages one run fetches at most."""

# A site that fails this often in a row is down; asking on would only keep others waiting.
_PATIENCE = 3
# A page with so few words may be a check of the visitor instead.
_FEW_WORDS = 60


@dataclass(frozen=True, slots=True)
class Link:
    """Where an article is, with what the page that links to it tells about it."""

    url: str
    title: str = ""
    published: datetime | None = None


async def read_articles(visit: Visit, links: Sequence[Link], *, shown: int) -> Run:
    """Return the articles behind those of ``links`` that are unseen, each fetched.

    What is found under the address that an article gives for itself has the link beside it: by
    either it is known again.

    Args:
        visit: to the source that links to them.
        links: the most wanted first.
        shown: how many articles the source showed.

    Raises:
        ScrapeError: all of ``links`` are unseen, and all fail.
    """
    by_identity: dict[str, Link] = {}
    for link in links:
        by_identity.setdefault(canonical_url(link.url), link)
    new = set(await visit.unseen(list(by_identity)))
    wanted = [link for identity, link in by_identity.items() if identity in new]
    articles = _Articles(visit)
    await articles.fetch(wanted)
    if not articles.found and articles.failures and len(wanted) == len(by_identity):
        raise articles.failures[0]
    return Run(
        source=visit.source.name,
        items=tuple(map(visit.named, identified(articles.found))),
        # The old ones, if something is left to do: "not modified" would hide it next time.
        validators=visit.known if articles.unfinished else visit.page.validators,
        failures=tuple(articles.failures),
        dead=tuple(articles.dead),
        complete=not articles.unfinished,
        shown=shown,
    )


class _Articles:
    """Fetches articles, one after the other.

    Attributes:
        found: what was read, under the addresses of the links.
        failures: what was not.
        dead: canonical addresses of those that will not soon be.
        unfinished: whether another run may get more of the same links.
    """

    def __init__(self, visit: Visit) -> None:
        self._visit = visit
        self.found: list[Article] = []
        self.failures: list[ScrapeError] = []
        self.dead: list[str] = []
        self.unfinished = False

    async def fetch(self, links: Sequence[Link]) -> None:
        self.unfinished = len(links) > MAX_ARTICLES
        patience = _PATIENCE
        for link in links[:MAX_ARTICLES]:
            try:
                self.found.append(await self._article(link))
            except ScrapeError as error:
                self.failures.append(error)
                if _may_pass(error):
                    self.unfinished = True
                    patience -= 1
                else:
                    self.dead.append(canonical_url(link.url))
            else:
                patience = _PATIENCE
            if patience == 0 or (self.failures and _asks_to_wait(self.failures[-1])):
                return

    async def _article(self, link: Link) -> Article:
        page = await self._visit.get(link.url)
        read = partial(read_linked, page, link, self._visit.source)
        return await read_aside(read, page.url)


def read_linked(page: Page, link: Link, source: Source) -> Article:
    """Return the article on ``page``, its gaps filled with what ``link`` tells.

    Raises:
        Challenged: the page is a check of the visitor.
        ParseError: there is neither title nor text.
    """
    article = read_article(
        page.body,
        page.url,
        page.content_type,
        selectors=source.selectors,
        zone=source.timezone,
        told=link.title,
    )
    item = article.item
    if len(item.text.split()) < _FEW_WORDS and (reason := find_challenge(page.body, page.url)):
        raise Challenged(link.url, reason)
    title = item.title or link.title
    if not (title or item.text):
        raise ParseError(link.url, "neither title nor text")
    # The address as the link has it: by that it is known again.
    item = replace(item, url=link.url, title=title, published=item.published or link.published)
    return replace(article, item=item)


def _may_pass(error: ScrapeError) -> bool:
    """Say whether the same request may succeed later."""
    if isinstance(error, Challenged):
        return True
    if not isinstance(error, FetchError) or isinstance(error, Blocked):
        return False
    return error.status is None or error.status in (408, 429) or error.status >= 500


def _asks_to_wait(error: ScrapeError) -> bool:
    return isinstance(error, FetchError) and error.status == 429
