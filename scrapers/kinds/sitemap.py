"""A sitemap: the youngest unseen pages are fetched; of an index, the newest files."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import partial

from scrapers.apart.aside import read_aside
from scrapers.errors import ScrapeError
from scrapers.feeds.sitemap import Entry
from scrapers.kinds.articles import Link, read_articles
from scrapers.kinds.visit import Visit
from scrapers.kinds.youngest import Youngest, read_youngest
from scrapers.run import Run
from scrapers.text.plain import plain_title
from scrapers.web.client import Page, Validators

MAX_FILES = 3
"""How many files of an index one run fetches at most."""

WINDOW = 100
"""So many of the youngest pages may be fetched, over several runs; what is older never is."""

# What is said of so many articles is the name of the site or of a section.
_REPEATED = 3


async def read(visit: Visit) -> Run:
    """Return the youngest unseen articles that a sitemap lists.

    Raises:
        ScrapeError: none of its files can be read, or all articles fail.
    """
    found = await _youngest(visit, visit.page, WINDOW)
    if not found.files:
        return await _read_pages(visit, found.pages, found.shown)
    index = await _followed(visit, found.files)
    # An index stays the same while its files change: it is always asked for.
    anew = replace(visit, page=replace(visit.page, validators=Validators()), known=Validators())
    run = await _read_pages(anew, (*found.pages, *index.pages), found.shown + index.shown)
    return replace(run, failures=(*index.failures, *run.failures))


@dataclass(slots=True)
class _Index:
    """What the files of an index list, and what of them could not be read."""

    pages: list[Entry] = field(default_factory=list)
    shown: int = 0
    failures: list[ScrapeError] = field(default_factory=list)


async def _followed(visit: Visit, files: Sequence[Entry]) -> _Index:
    """Return what the newest files of an index list.

    Raises:
        ScrapeError: none of them can be read.
    """
    index = _Index()
    pending, asked = list(files), 0
    while pending and asked < MAX_FILES:
        file, asked = pending.pop(0), asked + 1
        try:
            found = await _youngest(visit, await visit.get(file.url), WINDOW // len(files))
        except ScrapeError as error:
            index.failures.append(error)
            continue
        index.pages += found.pages
        index.shown += found.shown
        # An index of indexes: what is in the newest comes before the next of the first.
        pending = [*found.files, *pending]
    if len(index.failures) == asked:
        raise index.failures[0]
    return index


async def _youngest(visit: Visit, page: Page, count: int) -> Youngest:
    read = partial(
        read_youngest,
        page.body,
        page.url,
        page.content_type,
        pages=count,
        files=MAX_FILES,
        zone=visit.source.timezone,
    )
    return await read_aside(read, page.url)


async def _read_pages(visit: Visit, pages: Sequence[Entry], shown: int) -> Run:
    titles = [plain_title(entry.title) for entry in pages]
    often = Counter(titles)
    links = [
        Link(entry.url, title if often[title] < _REPEATED else "", entry.moment)
        for entry, title in zip(pages, titles, strict=True)
    ]
    return await read_articles(visit, links, shown=shown)
