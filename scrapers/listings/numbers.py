"""Short numbers in addresses: ``/view/40`` may be an article, a section or a page of a list.

The address does not tell; what the links say does. Headlines are sentences, each another one,
and there are more of them on a page of news than of anything else.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from statistics import mean
from urllib.parse import parse_qsl, urlsplit

from scrapers.listings.shape import is_article_address, is_other_address, plain_shape, section_shape
from scrapers.listings.survey import is_headline

# What is numbered and no article, as the name before the number.
_OTHERS = re.compile(
    r"(?:pa?g(?:e|en|ed|ing)?|str|start|offset|limit|from|sort|view-?mode|rub\w*|razd\w*|cat\w*|kat\w*"
    r"|sec\w*|tag\w*|tem[ay]|theme\w*|topic\w*|user\w*|author\w*|avtor\w*|member\w*|profile\w*"
    r"|year|god|month|mes\w*|day|den|date|data|calendar|kalendar|archiv\w*|ar[ck]?hiv\w*|lang"
    r"|region\w*|raion\w*|city|cities|gorod\w*|album\w*|photo\w*|foto\w*|gall?er\w*|imag\w*|img|pic\w*"
    r"|video\w*|audio\w*|forum\w*|thread\w*|poll\w*|vote\w*|opros\w*"
    r"|ban+er\w*|adv?|advert\w*|click\w*|go|out|link\w*|board\w*|obyavl\w*|doska|product\w*|tovar\w*"
    r"|shop\w*|firm\w*|compan\w*|vacanc\w*|jobs?|kino|film\w*|afisha|events?|places?)"
    r"[-_]?\d*",
    re.IGNORECASE,
)
_NUMBERED = re.compile(r"([a-z_-]{0,20}?)[-_]?\d{1,9}", re.IGNORECASE)
_FEWEST = 3
# Names of sections rarely have so many words, headlines rarely fewer.
_WORDS = 5
_LENGTH = 30
_WORDED = 0.5


@dataclass(frozen=True, slots=True)
class Judged:
    """Identities that end in a short number.

    Attributes:
        articles: those whose links say headlines.
        names: those whose links say names: of sections, of days, of pages.
    """

    articles: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()


def numbered(identities: Iterable[str]) -> frozenset[str]:
    """Return those of ``identities`` that may be articles by a short number alone."""
    return frozenset(
        identity
        for identity in identities
        if not is_article_address(identity)
        and not is_other_address(identity)
        and _is_numbered(identity)
    )


def judged(supposed: Collection[str], wordings: Mapping[str, str]) -> Judged:
    """Return what the ``supposed`` articles are, by their ``wordings``.

    Addresses of one shape are judged together, the sections that they name being told apart
    where each has a few.
    """
    families: defaultdict[tuple[str, ...], list[str]] = defaultdict(list)
    for identity in supposed:
        families[section_shape(identity)].append(identity)
    large = [family for family in families.values() if len(family) >= _FEWEST]
    single = [one for family in families.values() if len(family) < _FEWEST for one in family]
    mixed: defaultdict[tuple[str, ...], list[str]] = defaultdict(list)
    for identity in single:
        if _is_sentence(wordings.get(identity, "")):
            mixed[plain_shape(identity)].append(identity)
    told = [family for family in (*large, *mixed.values()) if _are_headlines(family, wordings)]
    names = [family for family in large if family not in told]
    return Judged(frozenset(chain.from_iterable(told)), frozenset(chain.from_iterable(names)))


def _is_numbered(identity: str) -> bool:
    parts = urlsplit(identity)
    if parts.query:
        return any(
            value.isdecimal() and not _OTHERS.fullmatch(name)
            for name, value in parse_qsl(parts.query)
        )
    *above, last = parts.path.strip("/").split("/")
    found = _NUMBERED.fullmatch(last)
    if found is None:
        return False
    name = found[1].strip("-_") or (above[-1] if above else "")
    # What is numbered twice over is a day or a page of a section.
    return not _OTHERS.fullmatch(name) and not name.isdecimal()


def _are_headlines(family: Sequence[str], wordings: Mapping[str, str]) -> bool:
    said = {wording for one in family if is_headline(wording := wordings.get(one, ""))}
    return (
        len(said) >= max(_FEWEST, _WORDED * len(family))
        and mean(len(wording.split()) for wording in said) >= _WORDS
        and mean(len(wording) for wording in said) >= _LENGTH
    )


def _is_sentence(wording: str) -> bool:
    return len(wording.split()) >= _WORDS and len(wording) >= _LENGTH
