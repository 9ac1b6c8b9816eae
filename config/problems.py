"""Mistakes in settings, told to people: one line each, opening with the key's name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from config.sources import suggest

_PLAIN = {
    "missing": "missing",
    "bool_parsing": "must be true or false",
    "bool_type": "must be true or false",
    "int_parsing": "must be a whole number",
    "int_type": "must be a whole number",
    "int_from_float": "must be a whole number",
    "float_parsing": "must be a number",
    "float_type": "must be a number",
    "string_type": "must be text",
    "tuple_type": "must be a list",
    "path_type": "must be a path",
}


def describe_problems(error: ValidationError, model: type[BaseModel]) -> list[str]:
    """Return one line for each mistake; the values themselves are never told."""
    return [f"{_key(e['loc'])}: {_what(e, model)}" for e in error.errors(include_input=False)]


def _key(location: Sequence[int | str]) -> str:
    """``("source", 1, "url")`` → ``source[2].url``: people count from one."""
    key = ""
    for part in location:
        if isinstance(part, int):
            key += f"[{part + 1}]"
        else:
            key += f".{part}" if key else part
    return key


def _what(error: ErrorDetails, model: type[BaseModel]) -> str:
    if error["type"] == "extra_forbidden":
        *where, written = error["loc"]
        return "no such setting" + suggest(str(written), _keys_at(where, model))
    if error["type"] in {"model_type", "model_attributes_type"}:
        return "must be a section of its own"
    told = _PLAIN.get(error["type"])
    return told or error["msg"].removeprefix("Value error, ")


def _keys_at(where: Sequence[int | str], model: type[BaseModel]) -> list[str]:
    """Return the keys that may stand at ``where``."""
    for part in where:
        if isinstance(part, int):
            continue
        annotation = model.model_fields[part].annotation
        inner = [kind for kind in (annotation, *get_args(annotation)) if _is_model(kind)]
        if not inner:
            return []
        model = inner[0]
    return list(model.model_fields)


def _is_model(kind: object) -> bool:
    return isinstance(kind, type) and issubclass(kind, BaseModel)


def cross_problems(said: Mapping[str, Any]) -> list[str]:
    """Return a line for each mistake that no single key shows.

    ``said`` may be settings as first read, with other mistakes still in them.
    """
    sources, channels = _tables(said, "source"), _tables(said, "channel")
    names = [str(source.get("name")) for source in sources if source.get("name")]
    chats = [str(channel.get("chat")).lower() for channel in channels if channel.get("chat")]
    problems = [f"source: two are named {name!r}" for name in _repeated(names)]
    problems += [f"channel: two have the chat {chat!r}" for chat in _repeated(chats)]
    feeds = [str(channel.get("feed")) for channel in channels if channel.get("feed")]
    problems += [f"channel.feed: two channels are written to {feed}" for feed in _repeated(feeds)]
    known = {*names, *(str(tag) for source in sources for tag in _listed(source, "tags"))}
    for number, channel in enumerate(channels, 1):
        problems += [
            f"channel[{number}].sources: no source or tag is named {wanted!r}"
            for wanted in _listed(channel, "sources")
            if wanted not in known
        ]
    return problems


def _tables(said: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
    return [table for table in _listed(said, key) if isinstance(table, Mapping)]


def _listed(table: Mapping[str, Any], key: str) -> Sequence[Any]:
    value = table.get(key)
    return value if isinstance(value, (list, tuple)) else ()


def _repeated(values: Sequence[str]) -> list[str]:
    return sorted({value for value in values if values.count(value) > 1})


def shorten(problem: str, length: int = 300) -> str:
    """Return ``problem`` as one line of at most ``length`` characters."""
    line = " ".join(problem.split())
    return line if len(line) <= length else line[: length - 1] + "…"
