"""The processes that measure: figures as JSON lines."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from bot.bench.figures import Figure, to_json
from bot.errors import BotError


def main(arguments: list[str]) -> None:
    """Measure what the first argument names; the others say what on."""
    subject, *rest = arguments
    _SUBJECTS[subject](*rest)


# Each loads only what it needs: its memory and its start are among what is measured.
# ruff: noqa: PLC0415


def _classifier(texts: str = "") -> None:
    from bot.bench.classifier import measure
    from bot.bench.texts import read_texts

    _print(measure(read_texts(Path(texts)) if texts else None))


def _scrapers(pages: str, sites: str, articles: str) -> None:
    from bot.bench.pages import read_pages
    from bot.bench.scrapers import Extent, measure

    found = read_pages(Path(pages) if pages else None)
    _print(measure(found, Extent(int(sites), int(articles))))


def _crawl(task: str) -> None:
    from bot.bench.crawl import Task, main

    main(Task(**json.loads(task)))


def _newsstand(sites: str, articles: str, latency: str) -> None:
    from bot.bench.newsstand import main

    main(int(sites), int(articles), float(latency))


_SUBJECTS: Mapping[str, Callable[..., None]] = {
    "classifier": _classifier,
    "scrapers": _scrapers,
    "crawl": _crawl,
    "newsstand": _newsstand,
}


def _print(figures: Iterable[Figure]) -> None:
    try:
        for figure in figures:
            sys.stdout.write(json.dumps(to_json(figure)) + "\n")
            sys.stdout.flush()
    except BotError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main(sys.argv[1:])
