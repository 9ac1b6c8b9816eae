"""Under which address an article is known: its own, where its page gives one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace

from scrapers.address import canonical_url
from scrapers.articles.article import Article
from scrapers.item import Item


def identified(articles: Sequence[Article]) -> Iterator[Item]:
    """Yield the items of ``articles`` under the addresses of their own, with their links.

    An article keeps its link for an address where its page gives no other, and where another
    article of the same run, in other words, is known by the address that it gives.
    """
    alike: defaultdict[str, list[Item]] = defaultdict(list)
    for article in articles:
        for identity in _identities(article):
            alike[identity].append(article.item)
    for article in articles:
        own = article.canonical
        if own is None or len(_identities(article)) == 1 or _differ(alike[canonical_url(own)]):
            yield article.item
        else:
            yield replace(article.item, url=own, link=article.item.url)


def _identities(article: Article) -> set[str]:
    return {canonical_url(article.item.url), canonical_url(article.canonical or article.item.url)}


def _differ(items: Sequence[Item]) -> bool:
    """Say whether some of ``items`` have neither title nor text in common with others."""
    return len({item.title for item in items}) > 1 and len({item.text for item in items}) > 1
