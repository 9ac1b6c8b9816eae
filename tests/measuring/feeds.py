"""Measure the reading of recorded feeds.

    python -m tests.measuring.feeds FOLDER

FOLDER holds feeds and `expected.jsonl`, one object a line with `file`, `n_items`, `first_title`
and `last_title`. Printed for each feed: whether these are right, and the milliseconds that
decoding and all of the reading take; at the end, as a check of speed, those of an invented
feed of 200 kB, whole and cut off at its end.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from scrapers.errors import ScrapeError
from scrapers.feeds.feed import parse_feed
from scrapers.text.encoding import decode

URL = "https://feed.example/rss"
_ROUNDS = 5
_LENGTH = 200_000
_PARAGRAPH = (
    "&lt;p&gt;Жители посёлка собрались утром у реки, где после ремонта открыли мост, "
    '&lt;a href="https://feed.example/1"&gt;сообщили&lt;/a&gt; в администрации.&lt;/p&gt;\n'
)


def mistakes(case: dict[str, Any], body: bytes) -> list[str]:
    """Return what of a feed is not as it is expected."""
    try:
        titles = [item.title for item in parse_feed(body, URL)]
    except ScrapeError as error:
        return [str(error)]
    found = {"n_items": len(titles), "first_title": titles[:1], "last_title": titles[-1:]}
    wanted = {key: [case[key]] if key.endswith("title") else case[key] for key in found}
    return [
        f"{key}: {found[key]}, wanted {wanted[key]}" for key in found if found[key] != wanted[key]
    ]


def invented(length: int) -> bytes:
    """Return a feed of about ``length`` bytes in windows-1251."""
    text = ""
    number = 0
    while len(text) < length:
        number += 1
        text += (
            f"<item><title>Мост номер {number} открыт</title><link>/{number}</link>"
            f"<description>{_PARAGRAPH * 8}</description><guid>{URL}/{number}</guid>"
            "<pubDate>Mon, 15 Aug 2022 13:43:00 +0500</pubDate></item>\n"
        )
    declaration = '<?xml version="1.0" encoding="windows-1251"?>\n'
    return f'{declaration}<rss version="2.0"><channel>{text}</channel></rss>'.encode("cp1251")


def _milliseconds(work: Callable[[], object]) -> float:
    times = []
    for _ in range(_ROUNDS):
        began = time.thread_time()
        work()
        times.append(time.thread_time() - began)
    return 1000 * min(times)


def _line(name: str, body: bytes, mark: str) -> None:
    took = (_milliseconds(lambda: decode(body)), _milliseconds(lambda: parse_feed(body, URL)))
    print("{:40} {:>8} {:8.1f} {:8.1f}  {}".format(name, len(body), *took, mark))


def main() -> None:
    """Read, compare, print; exit 1 if a feed is not read right."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args().folder
    lines = (folder / "expected.jsonl").read_text("utf-8").splitlines()
    wrong = 0
    print(f"{'feed':40} {'bytes':>8} {'decode':>8} {'all':>8}")
    for case in map(json.loads, lines):
        body = (folder / case["file"]).read_bytes()
        found = mistakes(case, body)
        wrong += bool(found)
        _line(case["file"], body, "; ".join(found) or "ok")
    whole = invented(_LENGTH)
    _line("(invented)", whole, "")
    _line("(invented, cut off)", whole[:-300], "")
    print(f"right: {len(lines) - wrong} of {len(lines)}")
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
