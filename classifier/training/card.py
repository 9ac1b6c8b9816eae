"""The model card: what a model is, what it learned from, and what it is worth."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from classifier.bundle import ModelBundle
from classifier.training.dataset import Row
from classifier.training.report import OVERALL, Measures

_CARD = """\
# Model card: {name}

Scores Russian news items: the probability, 0 to 1, that an item is bad
(advertisement, spam, horoscope, listicle, gossip). An item is bad when its
score is above **{threshold}**.

## What it is

{architecture}. Trained with {framework}; it runs on numpy alone.

## What it learned from

{rows} labelled texts, {bad} of them bad:

| rows | licence and source |
|---|---|
{sources}

The texts themselves are not part of the model: it holds a vocabulary and weights.

## What it is worth

Measured on {held_out} texts that took no part in training or in choosing the
threshold; near-duplicates were kept on one side. The positive class is bad.

| slice | texts | bad | F1 | precision | recall | false alarms |
|---|---|---|---|---|---|---|
{measures}

The slices are small: a difference of a few hundredths may be chance. The steps of
the cleaner and the number of epochs are fixed in the program; they were chosen by
cross-validation on the data of the default model, the part held out here among
them, so the figures of that model lean to the hopeful side.

## Where it should not be trusted

It knows the words of short Russian news and posts. Other languages, and texts
made of words it has never seen, get a score that means nothing. It reads the
first 100 words of a text and no further.
"""


def write_card(
    bundle: ModelBundle, architecture: str, rows: Sequence[Row], measures: Mapping[str, Measures]
) -> str:
    """Return the text of ``MODEL_CARD.md``.

    Args:
        bundle: the model; its provenance names the framework.
        architecture: the network in one line.
        rows: all labelled texts, the held-out ones among them.
        measures: on the held-out texts, by slice.
    """
    sources = Counter(row.licence for row in rows).most_common()
    return _CARD.format(
        name=bundle.name,
        threshold=bundle.threshold,
        architecture=architecture,
        framework=", ".join(map(" ".join, bundle.provenance["framework"].items())),
        rows=len(rows),
        bad=sum(row.label for row in rows),
        sources="\n".join(f"| {number} | {licence} |" for licence, number in sources),
        held_out=measures[OVERALL].rows,
        measures="\n".join(_line(name, values) for name, values in measures.items()),
    )


def _line(name: str, m: Measures) -> str:
    shares = (m.f1, m.precision, m.recall, m.false_alarms)
    cells = " | ".join("" if share is None else f"{share:.3f}" for share in shares)
    return f"| {name} | {m.rows} | {m.bad} | {cells} |"
