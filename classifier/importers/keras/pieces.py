"""Masks on their way: what Keras makes of masks by operations, until a layer reads one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Union

from classifier.importers.keras.masks import Differs, Joined, Mask, StepDiffers, every, some


class Unmatched(Exception):
    """An operation that makes no mask which this runtime knows."""


@dataclass(frozen=True, slots=True)
class Spread:
    """A mask with an axis more at the end, stretched over the values of each step or not."""

    mask: Mask | None


@dataclass(frozen=True, slots=True)
class Beside:
    """Masks spread and laid side by side along the values; None: true."""

    masks: tuple[Mask | None, ...]


@dataclass(frozen=True, slots=True)
class Nothing:
    """False everywhere."""


Piece = Union[Mask, Spread, Beside, Nothing, None]  # noqa: UP007  as Mask is one
"""A mask, also with axes that no layer reads; None: true everywhere."""


def fold(name: str, axis: object, pieces: Sequence[Any]) -> Piece:
    """Return what the operation ``name`` makes of ``pieces``.

    Raises:
        Unmatched: if that is no mask which this runtime knows.
    """
    first = pieces[0]
    if name == "ExpandDims" and axis == -1:
        return Spread(first)
    if name == "BroadcastTo" and isinstance(first, Spread):
        return first
    if name == "Concatenate":
        return _side_by_side(axis, pieces)
    if name in ("Any", "All") and axis in (-1, [-1]):
        return _over_values(name, first)
    if name in ("LogicalOr", "LogicalAnd"):
        return _logical(name, pieces)
    raise Unmatched


def _side_by_side(axis: object, pieces: Sequence[Any]) -> Piece:
    if axis not in (-1, 1, 2) or not all(isinstance(piece, Spread) for piece in pieces):
        raise Unmatched
    masks = tuple(piece.mask for piece in pieces)
    return Spread(Joined(masks)) if axis == 1 else Beside(masks)


def _over_values(name: str, piece: Any) -> Piece:
    if isinstance(piece, Differs) and name == "Any":
        return StepDiffers(piece.ref, piece.value)
    if isinstance(piece, Spread):
        return piece.mask
    if not isinstance(piece, Beside):
        raise Unmatched
    known = [mask for mask in piece.masks if mask is not None]
    if name == "All":
        return every(known)
    return some(known) if len(known) == len(piece.masks) else None


def _logical(name: str, pieces: Sequence[Any]) -> Piece:
    """Return two masks joined; one that is spread meets zeros, which only stretch it."""
    rest = [piece for piece in pieces if not isinstance(piece, Nothing)]
    if len(rest) == 1 and name == "LogicalOr":
        return rest[0]  # type: ignore[no-any-return]
    if len(rest) < len(pieces) or any(isinstance(one, Spread | Beside) for one in rest):
        raise Unmatched
    return some(rest) if name == "LogicalOr" else every(rest)
