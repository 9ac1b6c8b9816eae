"""The model card: what a model is, what it learned from, and what it is worth."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from classifier.bundle import ModelBundle
from classifier.training.article_network import LENGTH, architecture
from classifier.training.curves import LEARNING_CURVES
from classifier.training.intervals import Between, Intervals
from classifier.training.report import OVERALL, Measures

_CARD = """\
# Model card: {name}

Scores news items: the probability, 0 to 1, that an item is bad, as the labels it
learned from have it. An item is bad when its score is above **{threshold}**,
chosen for {aim}.

## What it is

{architecture}.

Trained by {framework} ({epochs} epochs, balance: {balance}, seed {seed}); it runs
on numpy alone.

![Loss by epoch, on the texts it learned from and on those held out]({curves})

## What it learned from

`{data}`, {rows} labelled texts, {bad} of them bad:

{sources}

SHA-256 of the file: `{sha256}`.
{notes}
The texts themselves are not part of the model: it holds a vocabulary, weights, and
as base data the ids and labels of each text, so that it can be retrained.

## What it is worth

Measured on {held_out} texts that took no part in training or in choosing the
threshold; near-duplicates were kept on one side. The positive class is bad. In
brackets between what a measure lies in 95 % of samples of this size (Wilson's
interval; for F1 by drawing the texts again).

{measures}

Where brackets overlap widely a difference may be chance. The texts held out are
the reference set of the base data: no retraining learns from them.

## Where it should not be trusted

It knows the words of the texts it learned from. Other languages, and texts made
of words it has never seen, get a score that means nothing. It reads the first
{length} words of a text and no further.
"""


@dataclass(frozen=True, slots=True)
class Told:
    """What a card tells of a training beside what the bundle itself says.

    Attributes:
        rows: how many labelled texts there were, those held out among them.
        bad: how many of them are bad.
        measures: on the texts held out, by slice.
        between: 95 % intervals of them.
        notes: what is odd about the data, one line each.
    """

    rows: int
    bad: int
    measures: Mapping[str, Measures]
    between: Mapping[str, Intervals]
    notes: tuple[str, ...]


def write_card(bundle: ModelBundle, told: Told) -> str:
    """Return the text of ``MODEL_CARD.md`` for a bundle that was trained here."""
    source = bundle.provenance
    return _CARD.format(
        name=bundle.name,
        threshold=bundle.threshold,
        aim=source["aim"],
        architecture=architecture(source["words"]),
        framework=", ".join(map(" ".join, source["framework"].items())),
        epochs=source["epochs"],
        balance=source["balance"],
        seed=source["seed"],
        curves=LEARNING_CURVES,
        data=source["data"]["name"],
        rows=told.rows,
        bad=told.bad,
        sources=sources_table(source["licences"]),
        sha256=source["data"]["sha256"],
        notes="".join(f"\nNote: {note}.\n" for note in told.notes),
        held_out=told.measures[OVERALL].rows,
        measures=measures_table(told.measures, told.between),
        length=LENGTH,
    )


def sources_table(licences: Mapping[str, int]) -> str:
    """Return how many rows have which licence and source, as a table."""
    lines = [f"| {number} | {_plain(name)} |" for name, number in licences.items()]
    return "\n".join(["| rows | licence and source |", "|---|---|", *lines])


def measures_table(measures: Mapping[str, Measures], between: Mapping[str, Intervals]) -> str:
    """Return the measures of each slice with their intervals, as a table."""
    head = "| slice | texts | bad | F1 | precision | recall | false alarms |"
    lines = [_line(name, found, between[name]) for name, found in measures.items()]
    return "\n".join([head, "|---" * 7 + "|", *lines])


def _line(name: str, m: Measures, ends: Intervals) -> str:
    cells = (
        _cell(m.f1, ends.f1),
        _cell(m.precision, ends.precision),
        _cell(m.recall, ends.recall),
        _cell(m.false_alarms, ends.false_alarms),
    )
    return f"| {_plain(name)} | {m.rows} | {m.bad} | {' | '.join(cells)} |"


def _cell(share: float | None, between: Between | None) -> str:
    if share is None or between is None:
        return "" if share is None else f"{share:.3f}"
    return f"{share:.3f} ({between[0]:.3f}–{between[1]:.3f})"


def _plain(text: str) -> str:
    """Return a name from the data such that it stays in its cell."""
    return " ".join(text.split()).replace("|", "\\|")
