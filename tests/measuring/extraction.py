"""Measure the extraction of articles on recorded pages.

    python -m tests.measuring.extraction FOLDER [--only WORDS] [--show NAME]

FOLDER holds `index.jsonl`, one object a line with `file`, `url`, `title`, `text` and
`published` (a day), and the pages it names. Printed for each page and in sum, the mean
over the groups (the outermost folders of the pages): F1 of the 4-grams of words of the
text, titles exactly right, days right, and milliseconds beside those of trafilatura.
Pages of the folder that the index does not name hold no article: their text is to be empty.
"""

from __future__ import annotations

import argparse
import difflib
import json
import re
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import mean, median
from typing import Any

import trafilatura

from scrapers.articles.article import extract_article
from scrapers.item import Item

_WORD = re.compile(r"\w+")
_SIZE = 4
_ROUNDS = 3


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one page was read: times in milliseconds."""

    page: str
    f1: float
    title: bool
    day: bool
    took: float
    trafilatura_took: float
    item: Item

    @property
    def group(self) -> str:
        """The outermost folder of the page."""
        return self.page.split("/", maxsplit=1)[0]


def overlap(found: str, wanted: str) -> float:
    """Return the F1 of the 4-grams of words; texts of fewer words count as one piece."""
    ours, theirs = _grams(found), _grams(wanted)
    if not ours or not theirs:
        return float(ours == theirs)
    common = (ours & theirs).total()
    return 2 * common / (ours.total() + theirs.total())


def _grams(text: str) -> Counter[tuple[str, ...]]:
    words = _WORD.findall(text.lower())
    size = min(_SIZE, len(words)) or 1
    return Counter(tuple(words[at : at + size]) for at in range(len(words) - size + 1))


def read_pages(folder: Path) -> Iterator[tuple[dict[str, Any], bytes]]:
    """Yield what is to come out of each page, and its bytes."""
    known = [json.loads(line) for line in (folder / "index.jsonl").read_text("utf-8").splitlines()]
    named = {case["file"] for case in known}
    pages = (str(path.relative_to(folder)) for path in sorted(folder.glob("*/*.html")))
    known += [{"file": page, "url": None, "text": ""} for page in pages if page not in named]
    for case in known:
        yield case, (folder / case["file"]).read_bytes()


def measure(case: dict[str, Any], body: bytes) -> Outcome:
    """Return how a page is read; a title or day that nobody knows counts as right."""
    url = case["url"] or f"https://site.example/{case['file']}"
    item = extract_article(body, url)
    published = item.published.date().isoformat() if item.published else None
    wanted = case.get("title")
    return Outcome(
        page=case["file"],
        f1=overlap(item.text, case.get("text") or ""),
        title=wanted is None or item.title == " ".join(wanted.split()),
        day=case.get("published") is None or published == case["published"],
        took=_milliseconds(lambda: extract_article(body, url)),
        trafilatura_took=_milliseconds(
            lambda: trafilatura.extract(body, url=url, include_comments=False)
        ),
        item=item,
    )


def _milliseconds(work: Callable[[], object]) -> float:
    times = []
    for _ in range(_ROUNDS):
        began = time.thread_time()
        work()
        times.append(time.thread_time() - began)
    return 1000 * min(times)


def report(outcomes: list[Outcome]) -> None:
    """Print a line for each page, for each group, and for all."""
    print(f"{'page':44} {'body':>6} {'title':>6} {'day':>6} {'ms':>7} {'trafilatura':>12}")
    for one in outcomes:
        marks = ("ok" if one.title else "WRONG", "ok" if one.day else "WRONG")
        row = (one.page, one.f1, *marks, one.took, one.trafilatura_took)
        print("{:44} {:6.3f} {:>6} {:>6} {:7.1f} {:12.1f}".format(*row))
    groups: defaultdict[str, list[Outcome]] = defaultdict(list)
    for one in outcomes:
        groups[one.group].append(one)
    print()
    for name, members in sorted(groups.items()):
        _summary(f"{name} ({len(members)})", [members])
    _summary(f"mean of {len(groups)} groups", list(groups.values()))
    took = [one.took for one in outcomes]
    theirs = [one.trafilatura_took for one in outcomes]
    print(
        f"milliseconds a page: mean {mean(took):.1f}, median {median(took):.1f}, "
        f"most {max(took):.1f}; trafilatura {mean(theirs):.1f}, {median(theirs):.1f}, "
        f"{max(theirs):.1f}; ratio of the means {mean(theirs) / mean(took):.1f}"
    )


def _summary(name: str, groups: list[list[Outcome]]) -> None:
    f1 = mean(mean(one.f1 for one in group) for group in groups)
    titles = mean(mean(one.title for one in group) for group in groups)
    days = mean(mean(one.day for one in group) for group in groups)
    print(f"{name:44} {f1:6.3f} {titles:6.1%} {days:6.1%}")


def show(case: dict[str, Any], outcome: Outcome) -> None:
    """Print what was read where it is not what is wanted."""
    item = outcome.item
    print(f"=== {outcome.page}\ntitle: {item.title!r}, wanted {case.get('title')!r}")
    print(f"published: {item.published}, wanted {case.get('published')}; image {item.image}")
    wanted = (case.get("text") or "").split("\n")
    for line in difflib.unified_diff(wanted, item.text.split("\n"), lineterm="", n=0):
        print("   ", line[:300])


def main() -> None:
    """Read, compare, print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--only", default="", help="pages whose name holds this")
    parser.add_argument("--show", action="store_true", help="what differs, page by page")
    given = parser.parse_args()
    outcomes = []
    for case, body in read_pages(given.folder):
        if given.only not in case["file"]:
            continue
        outcomes.append(measure(case, body))
        if given.show:
            show(case, outcomes[-1])
    if not outcomes:
        sys.exit("no such pages")
    report(outcomes)


if __name__ == "__main__":
    main()
