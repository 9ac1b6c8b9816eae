"""What a change would have done to the ledger's lines, without a store."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.commands.outlooks import outlook_lines
from bot.commands.request import Button, data_of
from bot.decide import Case, Rules, decide
from bot.foresight import EXAMPLES, ByContent, Outlook, as_recorded, foresee
from bot.language import speaking
from bot.model import Decision, Entry, Label, Reason, RecordedItem, Truth, Verdict
from bot.render import LIMIT, plain_text, utf16_length
from bot.rulebook import Rulebook
from bot.rules import Phrase, PhraseRule
from bot.store import Store
from classifier import Classifier, Score, load_bundle
from classifier.text import Cleaner
from config import Settings
from tests.process.model import write_model
from tests.store.samples import ANNA, NOW, item, judged

ACCEPTED, REVIEW, REJECTED = Decision.ACCEPT, Decision.REVIEW, Decision.REJECT


@pytest.fixture(scope="module")
def classifier(tmp_path_factory: pytest.TempPathFactory) -> Classifier:
    path = write_model(tmp_path_factory.mktemp("model") / "model.json")
    return Classifier(load_bundle(path, cleaner=Cleaner(yo=False)))


def rules(threshold: float = 0.5, *phrases: PhraseRule, **fields: object) -> Rules:
    found = Rules.from_settings(Settings(), threshold, phrases=Rulebook(phrases))
    return replace(found, **fields)  # type: ignore[arg-type]


def phrase_rule(written: str, decision: Decision = REJECTED, number: int = 1) -> PhraseRule:
    return PhraseRule(number, Phrase.parse(written), decision)


def entry(
    score: float,
    reason: Reason,
    number: int = 1,
    *,
    model: str = "old-1",
    label: Truth | None = None,
    **fields: Any,
) -> Entry:
    recorded = RecordedItem(number, item(number, **fields), NOW, seeding=False, sources=("gazeta",))
    verdict = Verdict(reason, score, 0.5, model)
    said = None if label is None else Label(1, number, label, ANNA, NOW, reason)
    return Entry(recorded, verdict, NOW, said, ())


def same_model(classifier: Classifier, *given: Entry) -> list[Entry]:
    """Return the entries as if this model had scored them."""
    return [replace(one, verdict=replace(one.verdict, model=classifier.model)) for one in given]


def test_another_threshold_turns_what_lies_between_the_two(classifier: Classifier) -> None:
    entries = same_model(
        classifier,
        entry(0.55, Reason.BAD, 1),
        entry(0.6, Reason.BAD, 2),
        entry(0.61, Reason.BAD, 3),
        entry(0.4, Reason.GOOD, 4),
    )
    before, after = (ByContent(classifier, rules(value)) for value in (0.5, 0.6))
    seen = foresee(entries, before, after)
    assert (seen.items, seen.turns) == (4, {(REJECTED, ACCEPTED): 2})
    assert [flip.entry.recorded.id for flip in seen.examples] == [1, 2]
    assert foresee(entries, after, before).turns == {(ACCEPTED, REJECTED): 2}
    assert foresee(entries, before, before) == Outlook(items=4)


@pytest.mark.parametrize(
    "reason", [Reason.DUPLICATE, Reason.STALE, Reason.SEEDED, Reason.SHORT, Reason.LANGUAGE]
)
def test_what_the_content_does_not_decide_never_turns(
    classifier: Classifier, reason: Reason
) -> None:
    accepting = rules(1.0, phrase_rule("мост", ACCEPTED))
    entries = [entry(0.9, reason), entry(0.9, reason, model=classifier.model)]
    seen = foresee(entries, ByContent(classifier, rules()), ByContent(classifier, accepting))
    assert seen.turns == {}


def test_what_another_model_scored_is_scored_anew(classifier: Classifier) -> None:
    entries = [
        entry(0.01, Reason.GOOD, 1, text="Снова беда."),
        entry(0.99, Reason.BAD, 2),
        entry(0.01, Reason.GOOD, 3),
    ]
    seen = foresee(entries, as_recorded, ByContent(classifier, rules()))
    assert seen.turns == {(ACCEPTED, REJECTED): 1, (REJECTED, ACCEPTED): 1}


def test_judges_with_the_same_model_score_a_text_once(classifier: Classifier) -> None:
    before = ByContent(classifier, rules(0.5))
    good = [entry(0.99, Reason.BAD)]
    assert [its.decision for its in before(good)] == [ACCEPTED]
    # The second judge takes the score that the first one has found: it does not read the text.
    unread = [replace(good[0], recorded=replace(good[0].recorded, item=item(1, text="Беда.")))]
    assert [its.decision for its in before.by(rules(0.9))(unread)] == [ACCEPTED]
    assert [its.decision for its in ByContent(classifier, rules(0.5))(unread)] == [REJECTED]


def test_the_review_band_holds_whatever_the_threshold(classifier: Classifier) -> None:
    entries = same_model(classifier, entry(0.5, Reason.UNSURE, 1), entry(0.7, Reason.BAD, 2))
    before, after = (
        ByContent(classifier, rules(value, review_band=(0.4, 0.6))) for value in (0.5, 0.8)
    )
    assert foresee(entries, before, after).turns == {(REJECTED, ACCEPTED): 1}


def test_a_rule_is_counted_where_it_speaks_also_if_nothing_turns(classifier: Classifier) -> None:
    entries = same_model(
        classifier,
        entry(0.1, Reason.GOOD, 1),
        entry(0.9, Reason.BAD, 2),
        entry(0.9, Reason.STALE, 3),
    )
    new = phrase_rule("мост")
    seen = foresee(
        entries,
        ByContent(classifier, rules()),
        ByContent(classifier, rules(0.5, new)),
        asked=Rulebook([new]),
    )
    assert (seen.spoken_of, seen.turns) == (3, {(ACCEPTED, REJECTED): 1})
    assert seen.examples[0].after.detail == "1 «мост»"
    assert [one.recorded.id for one in seen.unmoved] == [2, 3]
    assert set(seen.quotes.values()) == {"мост"}
    told = "\n".join(outlook_lines(seen + Outlook()))
    assert told.count("«мост»") == 4
    assert "Found here, too, where nothing would change:" in told


def test_labels_tell_which_turns_are_right(classifier: Classifier) -> None:
    entries = same_model(
        classifier,
        entry(0.55, Reason.BAD, 1, label=Truth.GOOD),
        entry(0.56, Reason.BAD, 2, label=Truth.BAD),
        entry(0.57, Reason.BAD, 3),
    )
    before, after = (ByContent(classifier, rules(value)) for value in (0.5, 0.6))
    seen = foresee(entries, before, after)
    assert (seen.right, seen.wrong) == (1, 1)


def test_outlooks_of_batches_add_up_and_keep_the_first_examples(classifier: Classifier) -> None:
    before, after = (ByContent(classifier, rules(value)) for value in (0.5, 0.6))
    batches = [
        same_model(classifier, *(entry(0.55, Reason.BAD, 10 * n + k) for k in range(3)))
        for n in range(1, 4)
    ]
    total = Outlook()
    for batch in batches:
        total += foresee(batch, before, after)
    assert (total.items, total.flips) == (9, 9)
    assert [flip.entry.recorded.id for flip in total.examples] == [10, 11, 12, 20]
    assert len(total.examples) == EXAMPLES


# The decider.


def case(score: float, rule: PhraseRule | None, **fields: Any) -> Case:
    told: dict[str, Any] = {"text": "Мост через реку открыли " + "сегодня утром " * 20, **fields}
    recorded = RecordedItem(1, item(1, **told), NOW, seeding=False, sources=("gazeta",))
    return Case(recorded, Score(score, "m-1"), None, NOW, rule)


def test_a_rule_comes_before_the_score_and_says_which_it_is() -> None:
    accepts, rejects = phrase_rule("мост", ACCEPTED, 7), phrase_rule('"мост"', REJECTED, 8)
    accepted = decide(case(0.99, accepts), rules())
    assert (accepted.reason, accepted.detail) == (Reason.GOOD, "by rule 7 «мост»")
    rejected = decide(case(0.01, rejects), rules())
    assert (rejected.reason, rejected.detail) == (Reason.RULE, '8 "мост"')
    assert rejected.decision is REJECTED
    assert decide(case(0.01, None), rules()).detail == ""


def test_a_rule_decides_on_what_would_go_for_review() -> None:
    band = rules(0.5, review_band=(0.4, 0.6))
    assert decide(case(0.5, phrase_rule("мост", ACCEPTED)), band).decision is ACCEPTED
    assert decide(case(0.5, phrase_rule("мост")), band).reason is Reason.RULE


def test_a_rule_that_accepts_makes_no_news_of_what_is_none() -> None:
    accepts = phrase_rule("мост", ACCEPTED)
    twin = replace(case(0.1, accepts), twin=3)
    old = case(0.1, accepts, published=NOW - timedelta(days=99))
    seeded = case(0.1, accepts)
    seeded = replace(seeded, recorded=replace(seeded.recorded, seeding=True))
    short = case(0.1, accepts, title="Мост", text="")
    foreign = case(0.1, accepts, title="Bridge", text="The bridge was opened this morning " * 9)
    reasons = [decide(one, rules()).reason for one in (twin, old, seeded, short, foreign)]
    assert reasons == [
        Reason.DUPLICATE,
        Reason.STALE,
        Reason.SEEDED,
        Reason.SHORT,
        Reason.LANGUAGE,
    ]


# How it is told.


def test_the_card_is_told_in_the_language_of_who_asks(classifier: Classifier) -> None:
    entries = same_model(classifier, entry(0.55, Reason.BAD, 1, label=Truth.GOOD))
    after = ByContent(classifier, rules(0.5, phrase_rule("мост", ACCEPTED)))
    seen = foresee(entries, ByContent(classifier, rules()), after)
    with speaking("ru"):
        told = plain_text("\n".join(outlook_lines(seen)))
    assert "Решилось бы иначе: 1 из 1 новости за последние 7 дней." in told
    assert "отклонено → принято: 1" in told
    assert "по правилу 1 «мост»" in told


def test_a_card_with_the_longest_titles_fits_a_message(classifier: Classifier) -> None:
    entries = same_model(
        classifier,
        *(
            entry(score, reason, n, title="<Ж>😀" * 1000, source="<источник>" * 50)
            for n in range(9)
            for score, reason in ((0.55, Reason.BAD), (0.45, Reason.GOOD))
        ),
    )
    before, after = ByContent(classifier, rules(0.5)), as_recorded
    flipped = [
        replace(one, verdict=replace(one.verdict, reason=reason))
        for one, reason in zip(entries, [Reason.GOOD, Reason.BAD] * 9, strict=True)
    ]
    lines = outlook_lines(foresee(flipped, before, after))
    assert len(lines) == 4 + 2 * EXAMPLES
    assert utf16_length(plain_text("\n".join(lines))) < LIMIT - 600


def test_data_of_the_buttons_fits_sixty_four_bytes() -> None:
    assert len(data_of(Button.THRESHOLD, 10**6, 10**12 - 1)) <= 64


# The ledger's end.


async def test_the_ledger_is_read_from_its_end_in_batches(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(1, 8):
        await judged(store, Reason.BAD, number)
    monkeypatch.setattr("bot.store.history._BATCH", 2)
    read = [
        [line.recorded.id for line in batch]
        async for batch in store.history.decided(NOW + timedelta(minutes=2), 5)
    ]
    assert read == [[7, 6], [5, 4], [3]]
    everything = [batch async for batch in store.history.decided(NOW, 99)]
    assert sum(map(len, everything)) == 7
    assert [batch async for batch in store.history.decided(NOW + timedelta(days=1), 9)] == []
