"""Reading JSON that may say anything: each wrong field is named, with what was expected."""

from __future__ import annotations

import json
import sys
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import NoReturn, TypeVar

from classifier.errors import BundleMismatch

_Value = TypeVar("_Value")
_Choice = TypeVar("_Choice", bound=Enum)
_NAMES: Mapping[type, str] = {
    str: "a string",
    int: "a whole number",
    float: "a number",
    bool: "true or false",
    list: "a list",
    dict: "an object",
}


def parse_json(data: bytes, key: str) -> object:
    """Return what ``data`` holds.

    Raises:
        BundleMismatch: naming ``key``, if it is not JSON, has a key twice or a NaN.
    """
    try:
        parsed: object = json.loads(
            data.decode("utf-8"), object_pairs_hook=_unique, parse_constant=_no_constant
        )
    except (ValueError, RecursionError) as error:
        raise BundleMismatch(key, "JSON", _short(error)) from error
    return parsed


@dataclass(frozen=True, slots=True)
class Document:
    """A JSON object of which each field is asked for with its type.

    Attributes:
        key: where it stands, for messages: ``graph.json``, ``graph.json: layers[2]``.
    """

    key: str
    fields: Mapping[str, object]

    @classmethod
    def parse(cls, data: bytes, key: str) -> Document:
        """Return the object that ``data`` holds."""
        return cls.of(parse_json(data, key), key)

    @classmethod
    def of(cls, value: object, key: str) -> Document:
        """Return ``value`` as a document."""
        return cls(key, typed(value, dict, key))

    def get(self, name: str, kind: type[_Value]) -> _Value:
        """Return the field ``name``; a number may be written without a point."""
        if name not in self.fields:
            raise BundleMismatch(self._of(name), _NAMES[kind], "nothing")
        return typed(self.fields[name], kind, self._of(name))

    def find(self, name: str, kind: type[_Value]) -> _Value | None:
        """Return the field ``name``, or None if it is not there or null."""
        return None if self.fields.get(name) is None else self.get(name, kind)

    def child(self, name: str) -> Document:
        """Return the object in the field ``name``."""
        return Document(self._of(name), self.get(name, dict))

    def children(self, name: str) -> list[Document]:
        """Return the objects of the list in the field ``name``."""
        listed = self.get(name, list)
        return [Document.of(value, f"{self._of(name)}[{i}]") for i, value in enumerate(listed)]

    def strings(self, name: str) -> tuple[str, ...]:
        """Return the list of strings in the field ``name``."""
        return self.values(name, str)

    def values(self, name: str, kind: type[_Value]) -> tuple[_Value, ...]:
        """Return the list of values of ``kind`` in the field ``name``."""
        listed = self.get(name, list)
        if all(type(value) is kind for value in listed):  # of a vocabulary this is the quick way
            return tuple(listed)
        return tuple(typed(value, kind, f"{self._of(name)}[{i}]") for i, value in enumerate(listed))

    def string_map(self, name: str) -> dict[str, str]:
        """Return the object of strings in the field ``name``."""
        child = self.child(name)
        return {key: child.get(key, str) for key in child.fields}

    def numbers(self, name: str, kind: type[_Value]) -> dict[str, _Value]:
        """Return the object of numbers of ``kind`` in the field ``name``."""
        child = self.child(name)
        return {key: child.get(key, kind) for key in child.fields}

    def choice(self, name: str, choices: type[_Choice]) -> _Choice:
        """Return that of ``choices`` whose value stands in the field ``name``."""
        value = self.get(name, str)
        try:
            return choices(value)
        except ValueError:
            known = ", ".join(choice.value for choice in choices)
            raise BundleMismatch(self._of(name), f"one of {known}", value) from None

    def expect_only(self, known: Collection[str]) -> None:
        """See that there is no field but those of ``known``.

        Raises:
            BundleMismatch: naming one that is not.
        """
        for name in self.fields.keys() - known:
            raise BundleMismatch(self._of(name), f"one of {', '.join(sorted(known))}", "this field")

    def _of(self, name: str) -> str:
        return f"{self.key}: {name}"


def typed(value: object, kind: type[_Value], key: str) -> _Value:
    """Return ``value`` if it is of ``kind``; a whole number serves as a float.

    Raises:
        BundleMismatch: if it is not.
    """
    if kind is float and type(value) is int and abs(value) <= sys.float_info.max:
        value = float(value)
    # bool is an int to isinstance, and never meant as one here
    if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
        raise BundleMismatch(key, _NAMES[kind], _short(value))
    return value


def _short(value: object) -> str:
    text = repr(value) if isinstance(value, str) else str(value)
    return text if len(text) <= 80 else f"{text[:77]}..."


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key stands twice in one object")
    return found


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a number")
