from __future__ import annotations

from datetime import datetime, timedelta, timezone

import numpy as np
import pytest

from bot.kinship import WINDOW, Recent, Signature, Trace, read_words, sign
from tests.kinship.texts import BRIDGE, CHANGES, NEWS, STORY, Told

NOW = datetime(2024, 5, 14, 12, tzinfo=timezone.utc)


def trace(place: int, told: Told, *, source: str = "", at: datetime = NOW) -> Trace:
    return Trace(place, 100 + place, source or f"source {place}", at, sign(read_words(*told)))


def filler(number: int) -> Told:
    """Return a text that shares no phrase with any other."""
    words = [f"слово{number}о{i}" for i in range(30)]
    return Told(" ".join(words[:5]), " ".join(words[5:]))


def filled(*traces: Trace) -> Recent:
    recent = Recent()
    recent.extend(traces)
    return recent


@pytest.mark.parametrize("told", NEWS, ids=lambda told: told.title)
def test_every_changed_reprint_is_a_candidate(told: Told) -> None:
    recent = filled(*(trace(place, other) for place, other in enumerate(NEWS)))
    first = 100 + NEWS.index(told)
    assert [recent.find_alike(trace(9, change(told))) for change in CHANGES] == [[first]] * 5


def test_a_long_text_is_found_by_its_beginning_alone() -> None:
    teaser = Told(BRIDGE.title, BRIDGE.text[:150])
    whole = Told(BRIDGE.title, BRIDGE.text + "".join(filler(i).text for i in range(20)))
    assert filled(trace(1, teaser)).find_alike(trace(2, whole)) == [101]
    assert filled(trace(1, whole)).find_alike(trace(2, teaser)) == [101]


@pytest.mark.parametrize(("one", "other"), STORY, ids=lambda told: told.title)
def test_texts_on_one_event_are_found_and_others_are_not(one: Told, other: Told) -> None:
    earlier = [pair[0] for pair in STORY]
    recent = filled(*(trace(place, told) for place, told in enumerate(earlier)))
    ((found, likeness),) = recent.find_story(trace(9, other))
    assert found == 100 + earlier.index(one)
    assert 0.42 <= likeness <= 1


def test_what_one_source_tells_twice_is_no_second_report() -> None:
    one, other = STORY[0]
    recent = filled(trace(1, one, source="вести"))
    assert recent.find_story(trace(2, other, source="вести")) == []
    assert recent.find_story(trace(2, other, source="газета")) != []


def test_a_story_fades_from_day_to_day() -> None:
    one, other = STORY[0]
    recent = filled(trace(1, one))
    assert recent.find_story(trace(2, other, at=NOW + timedelta(hours=2)))
    assert not recent.find_story(trace(2, other, at=NOW + timedelta(days=3, hours=12)))


def test_texts_are_compared_with_earlier_ones_of_the_last_days_only() -> None:
    recent = filled(trace(1, BRIDGE), trace(5, BRIDGE))
    assert recent.find_alike(trace(5, BRIDGE)) == [101]
    assert recent.find_alike(trace(1, BRIDGE)) == []
    assert recent.find_alike(trace(6, BRIDGE, at=NOW + WINDOW)) == [101, 105]
    assert recent.find_alike(trace(6, BRIDGE, at=NOW + WINDOW + timedelta(seconds=1))) == []


def test_texts_of_a_few_words_are_compared_with_none() -> None:
    short = Told("", "Фото дня")
    recent = filled(trace(1, short), trace(2, Told("", "")))
    assert recent.find_alike(trace(3, short)) == recent.find_story(trace(3, short)) == []
    assert recent.find_story(trace(4, Told("", ""))) == []


def test_texts_are_found_alike_whether_they_came_one_by_one_or_at_once() -> None:
    others = [trace(place, filler(place)) for place in range(10, 1300)]
    traces = [trace(1, BRIDGE), trace(2, STORY[1][0]), *others]
    at_once, one_by_one = filled(*traces), Recent()
    for each in traces:
        one_by_one.extend([each])
    for recent in (at_once, one_by_one):
        assert len(recent) == len(traces)
        assert recent.find_alike(trace(9000, BRIDGE)) == [101]
        assert [found for found, _ in recent.find_story(trace(9000, STORY[1][1]))] == [102]


def test_what_is_past_makes_room() -> None:
    recent = Recent()
    for place in range(1500):
        at = NOW + timedelta(hours=place)
        recent.extend([trace(place, filler(place), at=at)])
    assert len(recent) < 1100
    assert recent.find_alike(trace(1500, filler(1499), at=NOW + timedelta(hours=1500))) == [1599]


def test_a_signature_comes_back_as_it_was_stored() -> None:
    for told in (BRIDGE, Told("", "Фото дня"), Told("", "")):
        signature = sign(read_words(*told))
        again = Signature.from_bytes(*signature.as_bytes())
        assert np.array_equal(again.sketch, signature.sketch)
        assert np.array_equal(again.terms.ids, signature.terms.ids)
        assert np.array_equal(again.terms.codes, signature.terms.codes)


@pytest.mark.parametrize(("sketch", "terms"), [(b"1234", b""), (b"", b"1234"), (b"1", b"")])
def test_other_bytes_are_no_signature(sketch: bytes, terms: bytes) -> None:
    with pytest.raises(ValueError, match=r"signature|buffer size"):
        Signature.from_bytes(sketch, terms)
