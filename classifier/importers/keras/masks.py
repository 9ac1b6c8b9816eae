"""Masks: which steps count, as Keras passes it along from layer to layer without writing it down.

Masks are kept as small expressions until a layer reads one: most are never read. Files of
Keras 3.4 and later spell some of them out as operations (``NotEqual``, ``LogicalOr``, …);
those become the same expressions.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Union

from classifier.importers.keras.settings import Dialect
from classifier.network import Ref


@dataclass(frozen=True, slots=True)
class Differs:
    """Where the array is not ``value``."""

    ref: Ref
    value: float


@dataclass(frozen=True, slots=True)
class StepDiffers:
    """The steps of which some value is not ``value``."""

    ref: Ref
    value: float


@dataclass(frozen=True, slots=True)
class Every:
    """Where all of several masks are true."""

    masks: tuple[Mask, ...]


@dataclass(frozen=True, slots=True)
class Some:
    """Where one of several masks is true."""

    masks: tuple[Mask, ...]


@dataclass(frozen=True, slots=True)
class Joined:
    """Masks of steps that follow each other; None: all these steps count."""

    masks: tuple[Mask | None, ...]


@dataclass(frozen=True, slots=True)
class Unknown:
    """Whether a mask comes out of a custom layer is known to its author alone."""

    layer: str
    class_name: str


Mask = Union[Differs, StepDiffers, Every, Some, Joined, Unknown]  # noqa: UP007  as they nest

_DROPPING = frozenset(
    ("GlobalAveragePooling1D", "GlobalMaxPooling1D", "MaxPooling1D", "AveragePooling1D", "Conv1D",
     "Flatten", "Reshape", "RepeatVector")
)  # fmt: skip
RECURRENT = frozenset(("LSTM", "GRU", "SimpleRNN", "Bidirectional"))
READING = RECURRENT | {"GlobalAveragePooling1D", "Softmax"}
GIVEN_NONE_LATER = RECURRENT | {"TimeDistributed"}
"""To these the Keras after the last known one hands no mask of its own accord."""

_MERGING = frozenset(("Add", "Subtract", "Multiply", "Average", "Maximum", "Minimum"))
_PASSING_OVER = frozenset(("Multiply", "Maximum", "Minimum"))


def masks_after(
    kind: str,
    settings: Mapping[str, object],
    masks: Sequence[Mask | None],
    dialect: Dialect,
) -> tuple[Mask | None, ...]:
    """Return the mask of each output of a layer, as far as it has one.

    Args:
        kind: what the layer is here; its mask is that of the first input unless it merges.
        settings: its config.
        masks: of each input.
        dialect: which Keras it was.
    """
    if kind in _DROPPING:
        return (None,)
    if kind in _MERGING:
        return (_merged(masks, dialect),)
    if kind == "Concatenate":
        return (_concatenated(masks, settings.get("axis", -1), dialect),)
    mask = masks[0] if masks else None
    if kind not in RECURRENT:
        return (mask,)
    sequence = mask if settings.get("return_sequences") else None
    two = kind == "Bidirectional" and settings.get("merge_mode") is None
    return (sequence, sequence) if two else (sequence,)


def passes_over_masked(kind: str, masks: Sequence[Mask | None], dialect: Dialect) -> bool:
    """Tell whether a layer leaves masked steps out of its values, as merges do since Keras 3.4."""
    known = any(mask is not None for mask in masks)
    return kind in _PASSING_OVER and dialect.version >= (3, 4) and known


def _merged(masks: Sequence[Mask | None], dialect: Dialect) -> Mask | None:
    """Return the mask of several inputs together.

    In Keras 1 and 2 a step counts if it does in every input that has a mask. Until 3.3 it is
    forgotten. Since 3.4 a step counts if it does in one input, and all do if one has no mask.
    """
    known = tuple(mask for mask in masks if mask is not None)
    if dialect.version < (3, 0):
        return every(known)
    complete = dialect.version >= (3, 4) and len(known) == len(masks)
    return some(known) if complete else None


def _concatenated(masks: Sequence[Mask | None], axis: object, dialect: Dialect) -> Mask | None:
    along_steps = axis in (1, -2) and any(mask is not None for mask in masks)
    if along_steps and not (3, 0) <= dialect.version < (3, 4):
        return Joined(tuple(masks))
    return _merged(masks, dialect)


def every(masks: Sequence[Mask]) -> Mask | None:
    """Return the mask that is true where all are; None for no mask."""
    return _folded(masks, Every)


def some(masks: Sequence[Mask]) -> Mask | None:
    """Return the mask that is true where one is; None for no mask."""
    return _folded(masks, Some)


def _folded(masks: Sequence[Mask], kind: type[Every] | type[Some]) -> Mask | None:
    different = tuple(dict.fromkeys(masks))
    return kind(different) if len(different) > 1 else next(iter(different), None)
