"""Learning from operators: a model and their labels → a candidate, and what the gate says to it.

    labels ─▶ newest texts held out ─▶ fine-tune from the first weights ─▶ gate: in use ⇄ candidate

Every retraining begins at the model that was there before any of them, so that a label that was
taken back leaves no trace in the next one. The gate compares with the model in use.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timezone
from typing import Any

import numpy as np

from classifier.bundle import ModelBundle, fingerprint
from classifier.importers.cases import baseline
from classifier.network import Network
from classifier.parity import ParityCases, Recorder
from classifier.saving import bundle_files
from classifier.text import TextPipeline
from classifier.training.dataset import Row
from classifier.training.fine_tune import TuneOptions, expect_trainable, fine_tune
from classifier.training.fit import Epoch
from classifier.training.gate import Answer, GateOptions, Paired, compare_paired, judge
from classifier.training.lessons import Lesson, Split, split_by_time
from classifier.training.material import Material, Measured, material_of, scores_of, text_of

_RETRAINED = re.compile(r"(.*)-r(\d+)")


@dataclass(frozen=True, slots=True)
class RetrainReport:
    """What came of a retraining.

    Attributes:
        answer: of the gate, or that there is too little to train with.
        reason: why, in plain words.
        model: identity of the candidate; None if nothing was trained.
        threshold: above which both models call a text bad.
        labels: how many of the operators' labels teach something.
        learned: how many of them were learned from.
        imported: how many imported texts were.
        base: how many rows of base data were.
        left_out: how many labels were neither learned from nor measured on.
        newer: both models on the held-out labels; None if nothing was trained.
        reference: both on the reference set; None likewise.
        epochs: how often the rows were gone through.
        way: how far the weights went towards those that were fitted, 0 to 1.
        seconds: how long it took.
    """

    answer: Answer
    reason: str
    model: str | None
    threshold: float
    labels: int
    learned: int
    imported: int
    base: int
    left_out: int
    newer: Paired | None = None
    reference: Paired | None = None
    epochs: int = 0
    way: float = 0.0
    seconds: float = 0.0

    def as_json(self) -> dict[str, Any]:
        """Return it as plain values."""
        names = ("model", "threshold", "labels", "learned", "imported", "base", "left_out")
        return {
            "answer": self.answer.value,
            "reason": self.reason,
            **{name: getattr(self, name) for name in names},
            "epochs": self.epochs,
            "way": self.way,
            "seconds": round(self.seconds, 2),
            "newer": self.newer.as_json() if self.newer else None,
            "reference": self.reference.as_json() if self.reference else None,
        }


@dataclass(frozen=True, eq=False, slots=True)
class Retrained:
    """What a retraining gave.

    Attributes:
        candidate: the bundle, ready to be written; None if nothing was trained.
    """

    report: RetrainReport
    candidate: ModelBundle | None


@dataclass(frozen=True, slots=True)
class RetrainOptions:
    """How a model learns from operators, and how strict the gate is."""

    tune: TuneOptions = field(default_factory=TuneOptions)
    gate: GateOptions = field(default_factory=GateOptions)


def retrain(
    first: ModelBundle,
    active: ModelBundle,
    lessons: Sequence[Lesson],
    *,
    data: Sequence[Row] | None = None,
    threshold: float | None = None,
    options: RetrainOptions | None = None,
    on_epoch: Callable[[Epoch], None] | None = None,
) -> Retrained:
    """Fit ``first`` to ``lessons``, and let the gate compare it with ``active``.

    The same arguments give the same candidate, its date apart.

    Args:
        first: the model where learning begins; its base data are learned from beside the
            lessons, and its reference set is measured on.
        active: the model in use: ``first`` itself, or one that descends from it.
        lessons: the labels in force, each text once.
        data: labelled texts to take in place of base data: a fifth becomes the reference set.
        threshold: above which a text is called bad; None: as ``active`` says.
        options: how.
        on_epoch: called after each epoch; what it raises ends the training.

    Raises:
        ModelError: if this model cannot be retrained here, or its base data are damaged.
    """
    options = options or RetrainOptions()
    text = text_of(first)
    expect_trainable(first.network)
    material = material_of(first, data)
    split = split_by_time(lessons, options.gate.held_out_share, options.gate.fewest_held_out)
    taught = _without(_measured(text, split.taught), material.reference)
    trial = _Trial(
        material=material,
        newer=_measured(text, split.held_out),
        threshold=active.threshold if threshold is None else threshold,
        options=options.gate,
        in_use=active.network,
    )
    report = RetrainReport(
        answer=Answer.TOO_FEW,
        reason=trial.lack(split.texts) or "",
        model=None,
        threshold=trial.threshold,
        labels=sum(not lesson.imported for lesson in lessons),
        learned=len(taught),
        imported=len(split.imported),
        base=len(material.learned),
        left_out=split.left_out + len(split.taught) - len(taught),
    )
    if report.reason:
        return Retrained(report, None)
    imported = _measured(text, split.imported)
    fitted = fine_tune(
        first.network.astype(np.float32),
        material.learned,
        imported,
        taught,
        options.tune,
        threshold=trial.threshold,
        on_epoch=on_epoch,
    )
    report = replace(
        trial.judged(report, fitted.network),
        epochs=len(fitted.history),
        way=fitted.way,
        seconds=sum(epoch.seconds for epoch in fitted.history),
    )
    candidate = _candidate(first, active, fitted.network, report, split)
    return Retrained(replace(report, model=candidate.identity), candidate)


@dataclass(frozen=True, eq=False, slots=True)
class _Trial:
    """What both models are compared on."""

    material: Material
    newer: Measured
    threshold: float
    options: GateOptions
    in_use: Network

    def lack(self, texts: int) -> str | None:
        """Return what there is too little of to tell anything by, or None.

        Args:
            texts: how many different ones the operators labelled.
        """
        options = self.options
        if texts < options.fewest_labels:
            labelled = f"{texts} text{'' if texts == 1 else 's'}" if texts else "no text yet"
            return (
                f"operators gave labels that teach something to {labelled}: "
                f"at least {options.fewest_labels} different ones are needed"
            )
        if len(self.material.reference) < options.fewest_reference:
            return (
                f"a reference set of {len(self.material.reference)} texts: "
                f"at least {options.fewest_reference} are needed"
            )
        scores = scores_of(self.in_use, self.newer.ids)
        mistakes = int(((scores > self.threshold) != (self.newer.labels == 1)).sum())
        if mistakes < options.fewest_mistakes:
            return (
                f"the model in use is wrong about {mistakes or 'none'} of the "
                f"{len(self.newer)} newest labels: with fewer than {options.fewest_mistakes} "
                "mistakes nothing can be shown to be better"
            )
        return None

    def judged(self, report: RetrainReport, candidate: Network) -> RetrainReport:
        """Return ``report`` with what the gate says to ``candidate``."""
        newer = self._compared(self.newer, candidate)
        reference = self._compared(self.material.reference, candidate)
        answer, reason = judge(newer, reference, self.options)
        return replace(report, answer=answer, reason=reason, newer=newer, reference=reference)

    def _compared(self, rows: Measured, candidate: Network) -> Paired:
        before, after = scores_of(self.in_use, rows.ids), scores_of(candidate, rows.ids)
        return compare_paired(rows.labels, before, after, self.threshold, self.options)


def _measured(text: TextPipeline, lessons: Sequence[Lesson]) -> Measured:
    ids = text.ids([lesson.text for lesson in lessons])
    return Measured(ids, np.array([lesson.label for lesson in lessons], dtype=np.float64))


def _without(taught: Measured, reference: Measured) -> Measured:
    """Return ``taught`` without texts of the reference set: it would measure what was learned."""
    known = {ids.tobytes() for ids in reference.ids.astype(taught.ids.dtype)}
    kept = np.array([ids.tobytes() not in known for ids in taught.ids], dtype=bool)
    return Measured(taught.ids[kept], taught.labels[kept])


def _candidate(
    first: ModelBundle, active: ModelBundle, network: Network, report: RetrainReport, split: Split
) -> ModelBundle:
    """Return the bundle: the first model's, with new weights, and where they come from."""
    bundle = replace(
        first,
        name=_next_name(first, active),
        threshold=active.threshold,
        network=network,
        parity=None,
        provenance={**first.provenance, "retrained": _told(first, active, report, split)},
        metrics={**first.metrics, "gate": _gate_metrics(report)},
    )
    bundle = replace(bundle, parity=_recorded(first, bundle))
    return replace(bundle, fingerprint=fingerprint(bundle_files(bundle)))


def _next_name(first: ModelBundle, active: ModelBundle) -> str:
    retrained = _RETRAINED.fullmatch(active.name)
    number = int(retrained.group(2)) + 1 if retrained and active is not first else 1
    return f"{first.name}-r{number}"


def _told(
    first: ModelBundle, active: ModelBundle, report: RetrainReport, split: Split
) -> dict[str, Any]:
    return {
        "from": first.fingerprint,
        "in_place_of": active.fingerprint,
        "labels": report.learned,
        "bad": sum(lesson.label for lesson in split.taught),
        "imported": report.imported,
        "base": report.base,
        "numpy": np.__version__,
        "created": datetime.now(timezone.utc).isoformat(timespec="seconds"),
    }


def _gate_metrics(report: RetrainReport) -> dict[str, Any]:
    told = report.as_json()
    return {name: told[name] for name in ("answer", "reason", "newer", "reference")}


def _recorded(first: ModelBundle, bundle: ModelBundle) -> ParityCases | None:
    """Return the first model's cases with what the new weights answer to them."""
    if first.parity is None:
        return baseline(bundle)
    found = bundle.network.activations(first.parity.inputs)
    outputs = {ref: found[ref] for ref in first.parity.outputs}
    return replace(first.parity, outputs=outputs, recorded_by=Recorder.SELF)
