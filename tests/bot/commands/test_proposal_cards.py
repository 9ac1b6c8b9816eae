"""The card of a source that could be added."""

from __future__ import annotations

from bot.commands.proposal_cards import proposal_card, settled_card
from bot.render import LIMIT, plain_text, utf16_length
from scrapers import FetchError, Item, Kind, Source
from scrapers.discovery.discover import Proposal
from tests.emulator.markup import parse_html

MARK = "<b>&\"'\u202e🙂 слово. "


def test_whatever_a_site_says_fits_and_is_shown_as_it_is() -> None:
    address = "https://gorod.example/" + "a" * 5000
    items = tuple(Item("", f"{address}{n}", 300 * MARK, 3000 * MARK, None, None) for n in range(3))
    failures = tuple(FetchError(address, 900 * MARK) for _number in range(9))
    source = Source(100 * MARK, address, Kind.FEED)
    proposal = Proposal(source, items, (address,) * 9999, "", failures)
    declared = {"name": 100 * MARK, "url": address, "kind": "feed"}
    for card in (
        proposal_card(999_999_999, proposal),
        settled_card(999_999_999, declared, "Added.", open_=True, more=["• line"] * 999),
    ):
        text, _entities = parse_html(card.html)
        assert "<b>&" in text
        assert "\u202e" not in text
        assert utf16_length(plain_text(card.html)) <= LIMIT
        assert len(card.brief) <= 200
        assert all(len(data.encode()) <= 64 for _caption, data in card.buttons)
