"""Pages and feeds of tests/golden, each beside the JSON that must come out of it."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from scrapers import Item, extract_article, parse_feed

GOLDEN = Path(__file__).parents[1] / "golden"
EXPECTED = sorted(GOLDEN.glob("*.json"))


def body_of(expected: Path) -> bytes:
    [page] = (path for path in GOLDEN.glob(f"{expected.stem}.*") if path != expected)
    return page.read_bytes()


def as_json(item: Item) -> dict[str, Any]:
    told = {**asdict(item), "published": item.published.isoformat() if item.published else None}
    if item.link is None:
        del told["link"]
    return told


@pytest.mark.parametrize("expected", EXPECTED, ids=lambda path: path.stem)
def test_a_recorded_page_gives_its_items(expected: Path) -> None:
    case = json.loads(expected.read_text(encoding="utf-8"))
    where = (body_of(expected), case["url"], case["content_type"])
    if case["read"] == "feed":
        assert [as_json(item) for item in parse_feed(*where)] == case["items"]
    else:
        assert as_json(extract_article(*where)) == case["item"]
