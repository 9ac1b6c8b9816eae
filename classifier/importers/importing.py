"""Any model's files → ModelBundle, with the source framework's answers where it runs here."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from classifier.bundle import ModelBundle
from classifier.classifier import Classifier
from classifier.errors import BundleMismatch, ModelError
from classifier.importers.agreement import largest_difference
from classifier.importers.cases import baseline
from classifier.importers.recognise import Format, recognise
from classifier.importers.recorded import record_by_hand
from classifier.importers.sklearn import import_sklearn
from classifier.importers.text_spec import import_text
from classifier.importers.tokenizers import fitted_to, import_tokenizer
from classifier.importers.weights_json import import_weights_json
from classifier.text import Cleaner, TextPipeline

_COMPANIONS = (Format.SPEC, Format.TOKENIZER)


@dataclass(frozen=True, slots=True)
class Source:
    """The files of one model, and what they do not say.

    Attributes:
        model: the file or folder of its weights.
        kind: what that is.
        spec: the architecture, for weights that come without one.
        tokenizer: of Keras, or a dictionary of words.
        custom: a Python file that registers layers of one's own; it is run.
        keras_layers: a Python file with the classes of these layers in Keras; it is run.
        recorded: what the framework answered elsewhere, as ``numpy.savez`` keeps it; then it is
            not asked here.
        cleaner: what is done to a raw text before; None: as the other files say.
        padding: where rows of a tokenizer are filled up, unless the spec file says it.
        truncating: where they are cut.
        bad: which class of a scikit-learn model is the bad one.
    """

    model: Path
    kind: Format
    spec: Path | None = None
    tokenizer: Path | None = None
    custom: Path | None = None
    keras_layers: Path | None = None
    recorded: Path | None = None
    cleaner: Cleaner | None = None
    padding: str = "pre"
    truncating: str = "pre"
    bad: object = 1


@dataclass(frozen=True, slots=True)
class Imported:
    """A model that was taken over.

    Attributes:
        bundle: the model, with recorded cases where there are any.
        difference: the largest one between the framework's answers and ours; None without any.
        notes: what whoever imports it should know.
    """

    bundle: ModelBundle
    difference: float | None
    notes: tuple[str, ...] = field(default=())


def gather(
    files: Sequence[Path], *, spec: Path | None = None, tokenizer: Path | None = None
) -> Source:
    """Return ``files`` with their parts, told by their content.

    Raises:
        BundleMissing: if one is not there.
        BundleMismatch: if there is not one model among them, or two of another kind.
    """
    kinds = [(recognise(path), path) for path in files]
    models = [(kind, path) for kind, path in kinds if kind not in _COMPANIONS]
    if len(models) != 1:
        found = [f"{path} ({kind.value})" for kind, path in kinds]
        raise BundleMismatch("files", "one model", ", ".join(found) or "none")
    return Source(
        model=models[0][1],
        kind=models[0][0],
        spec=_single(Format.SPEC, kinds, spec),
        tokenizer=_single(Format.TOKENIZER, kinds, tokenizer),
    )


def import_model(source: Source) -> Imported:
    """Return the model in ``source`` as a bundle, compared with what its framework answers.

    The framework is asked if it is installed, or what it answered elsewhere is read; its answers
    are the bundle's cases. If its layers are given they must do, else it is noted if it cannot
    answer.

    Raises:
        BundleMismatch: if the files disagree, or our answers are not those of the framework:
            the first layer that differs.
        UnsupportedLayer: for a layer or a setting that this runtime does not know.
        ModelError: if a file is missing that this kind of model needs; parent of all these.
    """
    bundle = _IMPORTERS[source.kind](source)
    notes = [str(note) for note in bundle.provenance.get("notes", ())]
    notes += _without_scores(bundle)
    if source.keras_layers is not None and source.kind is not Format.KERAS:
        raise ModelError(f"{source.kind.value} has no layers of Keras", path=source.model)
    if source.recorded is None or source.keras_layers is not None:
        bundle = _asked(bundle, source, notes)
    difference = largest_difference(bundle, "what its framework answers")
    if source.recorded is not None:
        bundle = record_by_hand(bundle, source.recorded)
        difference = largest_difference(bundle, "what was recorded")
    return Imported(bundle, difference, tuple(notes))


def _without_scores(bundle: ModelBundle) -> list[str]:
    """Tell of a model that reads text and whose answers are no scores."""
    try:
        if bundle.text is not None:
            Classifier(bundle)
    except ModelError as error:
        return [f"its texts cannot be scored: {error}"]
    return []


def with_baseline(imported: Imported) -> Imported:
    """Return ``imported``, if it has no cases with our own answers as cases, which say so."""
    if imported.bundle.parity is not None:
        return imported
    try:
        cases = baseline(imported.bundle)
    except ModelError as error:
        return replace(imported, notes=(*imported.notes, f"no cases: {error}"))
    return replace(imported, bundle=replace(imported.bundle, parity=cases))


def _asked(bundle: ModelBundle, source: Source, notes: list[str]) -> ModelBundle:
    if source.kind not in _RECORDERS:
        return bundle
    try:
        return _RECORDERS[source.kind](bundle, source)
    except ModelError as error:  # not installed, or not one that reads this file
        if source.keras_layers is not None:
            raise
        notes.append(f"not compared with its framework: {error}")
        return bundle


def _single(kind: Format, kinds: Sequence[tuple[Format, Path]], said: Path | None) -> Path | None:
    found = [path for one, path in kinds if one is kind] + ([] if said is None else [said])
    if len(found) > 1:
        raise BundleMismatch("files", kind.value, ", ".join(map(str, found)))
    return found[0] if found else None


def _text(source: Source) -> TextPipeline | None:
    if source.tokenizer is None:
        return None
    if source.spec is not None:
        text = import_text(source.tokenizer, source.spec)
        return text if source.cleaner is None else replace(text, cleaner=source.cleaner)
    return import_tokenizer(
        source.tokenizer,
        padding=source.padding,
        truncating=source.truncating,
        cleaner=source.cleaner,
    )


def _keras(source: Source) -> ModelBundle:
    from classifier.importers.keras import import_keras  # noqa: PLC0415  h5py is an extra

    bundle, text = import_keras(source.model, custom=source.custom), _text(source)
    if text is not None:
        return replace(bundle, text=fitted_to(text, bundle.network))
    if source.cleaner is None or bundle.text is None:
        return bundle
    return replace(bundle, text=replace(bundle.text, cleaner=source.cleaner))


def _torch(source: Source) -> ModelBundle:
    from classifier.importers.torch import import_torch  # noqa: PLC0415

    return import_torch(source.model, _spec(source), text=_text(source))


def _matrices(source: Source) -> ModelBundle:
    from classifier.importers.text_dump import import_text_dump  # noqa: PLC0415

    return import_text_dump(source.model, _spec(source), text=_text(source))


def _spec(source: Source) -> Path:
    if source.spec is None:
        reason = f"{source.kind.value} says no architecture: it needs a spec file"
        raise ModelError(reason, path=source.model)
    return source.spec


def _record_keras(bundle: ModelBundle, source: Source) -> ModelBundle:
    from classifier.importers.keras import record_keras  # noqa: PLC0415

    return record_keras(source.model, bundle, custom=source.custom, layers=source.keras_layers)


def _record_torch(bundle: ModelBundle, source: Source) -> ModelBundle:
    from classifier.importers.torch import record_torch  # noqa: PLC0415

    return record_torch(bundle, source.model, _spec(source))


_IMPORTERS: Mapping[Format, Callable[[Source], ModelBundle]] = {
    Format.KERAS: _keras,
    Format.SAFETENSORS: _torch,
    Format.TORCH: _torch,
    Format.MATRICES: _matrices,
    Format.SKLEARN: lambda source: import_sklearn(
        source.model, bad=source.bad, cleaner=source.cleaner
    ),
    Format.WEIGHTS_JSON: lambda source: import_weights_json(source.model, cleaner=source.cleaner),
}
_RECORDERS: Mapping[Format, Callable[[ModelBundle, Source], ModelBundle]] = {
    Format.KERAS: _record_keras,
    Format.SAFETENSORS: _record_torch,
    Format.TORCH: _record_torch,
}
