"""Who else is named in a post, and when it is edited for that."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.also import (
    AS_SENT,
    LONGEST_WAIT,
    MOST,
    NOBODY,
    REST,
    Also,
    Mention,
    Telling,
    Written,
    is_due,
    who_else,
)
from bot.model import Truth
from tests.store.samples import NOW

SECOND = timedelta(seconds=1)


def told(item_id: int, source: str, text: int | None = None, **rest: object) -> Telling:
    """Return a text on the event, by itself good; one with the ``text`` of another repeats it."""
    first = text or item_id
    known = {"repeats": text is not None, "wanted": text is None, **rest}
    return Telling(item_id, source, f"https://{source}.example/{item_id}", first, **known)  # type: ignore[arg-type]


OWN = told(1, "gazeta")


def named(*others: Telling, **rest: object) -> list[str]:
    also = who_else(OWN, [OWN, *others], **rest)  # type: ignore[arg-type]
    assert also.more == 0
    return [mention.source for mention in also.named]


def test_each_source_is_named_once_in_the_order_in_which_they_came() -> None:
    others = [told(4, "vesti"), told(3, "radio", text=1), told(2, "vesti", text=1)]
    also = who_else(OWN, [*others, OWN])
    assert also == Also(
        (
            Mention(2, "vesti", "https://vesti.example/2"),
            Mention(3, "radio", "https://radio.example/3"),
        )
    )


def test_the_source_of_the_post_is_not_named() -> None:
    assert named(told(2, "gazeta", text=1), told(3, "gazeta")) == []


def test_those_beyond_the_limit_are_counted() -> None:
    also = who_else(OWN, [told(n, f"radio-{n}", text=1) for n in range(2, 11)])
    assert [mention.item_id for mention in also.named] == [2, 3, 4, 5, 6][:MOST]
    assert also.more == 9 - MOST


def test_another_text_is_named_only_if_it_is_good_news_itself() -> None:
    bad = told(2, "vesti", wanted=False)
    assert named(bad, told(3, "radio", text=2)) == []
    assert named(told(2, "vesti"), told(3, "radio", text=2)) == ["vesti", "radio"]


def test_what_an_operator_calls_bad_is_not_named() -> None:
    assert named(told(2, "vesti", text=1, truth=Truth.BAD)) == []
    assert named(told(2, "vesti", wanted=False, truth=Truth.BAD)) == []


def test_where_operators_decide_another_text_waits_for_their_word() -> None:
    others = (told(2, "vesti", text=1), told(3, "radio"), told(4, "agency", truth=Truth.GOOD))
    assert named(*others, held=True) == ["vesti", "agency"]


def test_only_sources_that_the_channel_carries_are_named() -> None:
    others = (told(2, "vesti", text=1), told(3, "radio"))
    assert named(*others, sources=frozenset({"gazeta", "radio"})) == ["radio"]


VESTI, RADIO = (Mention(n, name, "https://a.example") for n, name in ((2, "vesti"), (3, "radio")))


@pytest.mark.parametrize(
    ("should", "written", "due"),
    [
        (NOBODY, AS_SENT, False),
        (Also((VESTI,)), AS_SENT, True),
        (Also((VESTI,)), Written((2,)), False),
        (Also((VESTI,), more=1), Written((2,)), True),
        (NOBODY, Written((2,)), True),
        (Also((VESTI,)), Written((2,), unclear=True), True),
        (Also((VESTI,)), Written(not_before=NOW + SECOND), False),
        (Also((VESTI,)), Written(not_before=NOW), True),
        # Not so soon again,
        (Also((VESTI, RADIO)), Written((2,), edited_at=NOW - REST + SECOND), False),
        (Also((VESTI, RADIO)), Written((2,), edited_at=NOW - REST), True),
        # but for what must go.
        (Also((RADIO,)), Written((2,), edited_at=NOW - SECOND), True),
        (NOBODY, Written((2,), not_before=NOW + SECOND), False),
        # A clock that was wrong holds nothing up.
        (Also((VESTI, RADIO)), Written((2,), edited_at=NOW + SECOND), True),
        (Also((VESTI,)), Written(not_before=NOW + LONGEST_WAIT + SECOND), True),
    ],
)
def test_a_post_is_edited_when_it_names_others_than_it_should(
    should: Also, written: Written, due: bool
) -> None:
    assert is_due(should, written, NOW) is due
