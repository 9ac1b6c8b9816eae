"""What ``x[…]`` between layers picks: of each axis one index or a range."""

from __future__ import annotations

from collections.abc import Mapping

from classifier.network.options import is_whole

_ENDS = ("start", "stop", "step")
_WHOLE = [None, None, None]


def picked(key: object) -> tuple[str, Mapping[str, object]] | None:
    """Return kind and config of the layer that picks as ``x[key]`` does; None if none does.

    All rows must be kept, ``x[:, …]``; new axes, lists and ``...`` are not known.
    """
    axes = [_picks(one) for one in (key if isinstance(key, list) else [key])]
    if not axes or None in axes or axes[0] != _WHOLE:
        return None
    while axes[-1] == _WHOLE and len(axes) > 1:
        axes.pop()
    if len(axes) == 1:
        return "Identity", {"of": "GetItem"}
    if len(axes) == 2 and is_whole(axes[1]):
        return "Step", {"index": axes[1]}
    return "Slice", {"axes": axes[1:]}


def written(key: object) -> str:
    """Return ``key`` as it was written between the brackets."""
    if isinstance(key, list):
        return ", ".join(map(written, key))
    if not isinstance(key, dict):
        return repr(key)
    if (range_ := _picks(key)) is None:
        return "..." if key.get("class_name") == "__ellipsis__" else str(key.get("class_name"))
    start, stop, step = range_ if isinstance(range_, list) else _WHOLE
    shown = ["" if one is None else str(one) for one in (start, stop)]
    return ":".join([*shown, *([] if step is None else [str(step)])])


def _picks(key: object) -> object:
    """Return an index, or start, stop and step of a range; None for all else."""
    if is_whole(key):
        return key
    config = key.get("config") if isinstance(key, dict) else None
    if not isinstance(key, dict) or not isinstance(config, dict):
        return None
    if key.get("class_name") != "__slice__" or not config.keys() >= set(_ENDS):
        return None
    found = [config[name] for name in _ENDS]
    known = found[2] != 0 and all(one is None or is_whole(one) for one in found)
    return found if known else None
