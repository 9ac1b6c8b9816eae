"""The spec file: what a file of weights does not say about its network.

TOML or JSON, with ``inputs``, ``layers``, and if needed ``outputs``, ``framework``, ``text``.
docs/importing.md explains it and has an example for each kind of network.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from classifier.bundle import read_file, sha256
from classifier.documents import Document, parse_json
from classifier.errors import BundleMismatch
from classifier.network import InputSpec
from classifier.network.spec import Dtype, Shape

ANY = "any"
"""Stands in a shape for a size that each batch decides: TOML has no null."""

_TABLES = {"framework", "inputs", "layers", "outputs", "text"}
_OWN = {"name", "kind", "inputs", "weights"}
_DTYPES = ("int", "float")


@dataclass(frozen=True, slots=True)
class Entry:
    """A layer as the spec file describes it.

    Attributes:
        name: unique in the file.
        kind: its class, or the function, in the framework that made the weights.
        inputs: what it reads: inputs and earlier layers, or ``layer:part``.
        weights: how the names of its weights begin; the layer's name if not said.
        settings: all that was said besides.
    """

    name: str
    kind: str
    inputs: tuple[str, ...]
    weights: str
    settings: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Architecture:
    """A network as the spec file describes it.

    Attributes:
        framework: what made the weights, and its version.
        outputs: layers, or parts of them, whose answers are the network's.
        text: how texts become ids; None if nothing is said about it.
        sha256: hash of the file.
    """

    framework: Mapping[str, str]
    inputs: tuple[InputSpec, ...]
    layers: tuple[Entry, ...]
    outputs: tuple[str, ...]
    text: Document | None
    sha256: str


def read_architecture(path: str | Path) -> Architecture:
    """Return the network that the spec file at ``path`` describes.

    Raises:
        BundleMissing: if it is not there.
        BundleMismatch: naming what is missing, unknown or of the wrong type.
    """
    path = Path(path)
    data = read_file(path)
    document = Document.of(_parse(data, path), path.name)
    document.expect_only(_TABLES)
    inputs = tuple(_input(child) for child in document.children("inputs"))
    layers = tuple(_layers(document, inputs))
    if not inputs or not layers:
        raise BundleMismatch(document.key, "at least one input and one layer", "none")
    names = [*(given.name for given in inputs), *(entry.name for entry in layers)]
    _expect_usable(f"{document.key}: names", names)
    return Architecture(
        framework=document.string_map("framework") if "framework" in document.fields else {},
        inputs=inputs,
        layers=layers,
        outputs=document.strings("outputs") if "outputs" in document.fields else (layers[-1].name,),
        text=document.child("text") if "text" in document.fields else None,
        sha256=sha256(data),
    )


def _parse(data: bytes, path: Path) -> object:
    return _parse_toml(data, path.name) if path.suffix == ".toml" else parse_json(data, path.name)


def _parse_toml(data: bytes, key: str) -> object:
    if sys.version_info >= (3, 11):
        import tomllib  # noqa: PLC0415
    else:
        import tomli as tomllib  # noqa: PLC0415
    try:
        return tomllib.loads(data.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise BundleMismatch(key, "TOML", error) from error


def _input(document: Document) -> InputSpec:
    document.expect_only({"name", "shape", "dtype"})
    dtype = document.find("dtype", str) or "float"
    if dtype not in _DTYPES:
        raise BundleMismatch(f"{document.key}: dtype", " or ".join(_DTYPES), dtype)
    return InputSpec(document.get("name", str), _shape(document), cast(Dtype, dtype))


def _shape(document: Document) -> Shape:
    open_sizes = (None, ANY)
    sizes = document.get("shape", list)
    known = {str(i): size for i, size in enumerate(sizes) if size not in open_sizes}
    numbers = Document(f"{document.key}: shape", known)
    return tuple(
        None if size in open_sizes else numbers.get(str(i), int) for i, size in enumerate(sizes)
    )


def _layers(document: Document, inputs: tuple[InputSpec, ...]) -> Iterator[Entry]:
    """A layer that does not say what it reads reads the one before it."""
    before = (inputs[0].name,) if len(inputs) == 1 else ()
    counts: Counter[str] = Counter()
    for child in document.children("layers"):
        kind = child.get("kind", str)
        counts[kind] += 1
        name = child.find("name", str) or f"{kind.lower()}_{counts[kind]}"
        reads = child.strings("inputs") if "inputs" in child.fields else before
        if not reads:
            raise BundleMismatch(f"{child.key}: inputs", "what it reads, of several", "nothing")
        settings = {key: value for key, value in child.fields.items() if key not in _OWN}
        yield Entry(name, kind, reads, _weights(child, name), settings)
        before = (name,)


def _weights(document: Document, name: str) -> str:
    found = document.find("weights", str)
    return name if found is None else found


def _expect_usable(key: str, names: list[str]) -> None:
    for name, count in Counter(names).items():
        if count > 1:
            raise BundleMismatch(key, "each name once", f"{name!r} {count} times")
        if ":" in name:
            raise BundleMismatch(key, "no colon, which names a part", repr(name))
