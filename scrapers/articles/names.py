"""What a page is called in its <title>: the headline, with the names of section and site."""

from __future__ import annotations

import re
from collections.abc import Iterator

_WORD = re.compile(r"\w+")
# Between a headline and the name of the site or section.
_SEPARATOR = re.compile(r"\s+(?:[|—–·»«•/:*-]|::|>>|//)\s+|\s*\|\s*|\s+[>»]\s*|\.\s+(?=Новости\b)")
_MOST_PARTS = 6
# Parts that are no part of any headline.
_OF_SITES = re.compile(
    r"новости|общество|политика|экономика|культура|спорт|происшествия|главная|статьи"
    r"|официальный сайт"
    r"|.*\b(?:новости|газета|сайт|портал|издание|агентство|тв|news|online|онлайн)\b.*|.*\.\w{2,4}",
    re.IGNORECASE,
)
_STEM = 4


def words_of(line: str) -> str:
    """Return the words of ``line`` with a space before and after each; empty if it has none."""
    return "".join(f" {word} " for word in _WORD.findall(line.lower()))


def parts_of(name: str) -> Iterator[str]:
    """Yield what separators leave of a name, neighbours also together."""
    gaps = [(match.start(), match.end()) for match in _SEPARATOR.finditer(name)][: _MOST_PARTS - 1]
    starts = [0, *(end for _, end in gaps)]
    ends = [*(start for start, _ in gaps), len(name)]
    for first, start in enumerate(starts):
        for end in ends[first:]:
            yield name[start:end].strip()


def first_part(name: str) -> str:
    """Return what stands before the first separator of a name."""
    return _SEPARATOR.split(name, maxsplit=1)[0].strip()


def is_of_site(part: str) -> bool:
    """Say whether ``part`` looks like the name of a site or section."""
    return _OF_SITES.fullmatch(part) is not None


def names_no_article(name: str, site: str) -> bool:
    """Say whether all parts of a name look like those of the site and its sections."""
    single = filter(None, map(str.strip, _SEPARATOR.split(name)))
    return all(is_of_site(part) or words_of(part) == words_of(site) for part in single)


def common_stems(one: str, other: str) -> int:
    """Return how many words two lines have in common, whatever they end with."""
    ours, theirs = (
        {word[:_STEM] for word in _WORD.findall(line.lower()) if len(word) >= _STEM}
        for line in (one, other)
    )
    return len(ours & theirs)


def without_site(title: str, site: str) -> str:
    """Return a <title> without the names of site and section around the headline."""
    gaps = list(_SEPARATOR.finditer(title))
    if site and title.lower().endswith(site.lower()) and not gaps:
        return title[: -len(site)].rstrip(" .,:;|—–-")
    if not gaps:
        return title
    head = title[: gaps[0].start()].strip()
    if words_of(head) == words_of(site):
        return title[gaps[0].end() :].strip()
    title = title[: gaps[-1].start()].strip()
    for gap in reversed(gaps[:-1]):
        if not is_of_site(title[gap.end() :].strip()):
            break
        title = title[: gap.start()].strip()
    return title
