"""The ModelBundle: everything needed to score text, in one folder.

    manifest.json          schema, name, threshold, hash of each file, provenance, metrics
    graph.json             the layers in our own terms
    model.safetensors      the weights
    text.json              cleaner, vectorizer, vocabulary in id order
    parity.json            cases from raw text …
    parity.safetensors     … to the output of every layer
    base.safetensors       what it is retrained with: ids and labels, no text; read when needed

Nothing in it can be executed, and every file is compared with its hash before
it is parsed.
"""

from __future__ import annotations

import hashlib
import math
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from classifier.base import BaseData, read_base
from classifier.documents import Document
from classifier.errors import BundleMismatch, BundleMissing, ModelError
from classifier.grids import unpacked
from classifier.network import GraphSpec, InputSpec, Network
from classifier.parity import ParityCases, cases_from_json
from classifier.safetensors import read_tensors
from classifier.text import TextPipeline
from classifier.text.settings import pipeline_from_json

SCHEMA = 1
MANIFEST = "manifest.json"
GRAPH = "graph.json"
WEIGHTS = "model.safetensors"
TEXT = "text.json"
PARITY = "parity.json"
PARITY_TENSORS = "parity.safetensors"
BASE = "base.safetensors"
FILES = (GRAPH, WEIGHTS, TEXT, PARITY, PARITY_TENSORS)
_REQUIRED = (GRAPH, WEIGHTS)
_SCORING = (GRAPH, WEIGHTS, TEXT)
_LARGEST_FILE = 1 << 30


@dataclass(frozen=True, slots=True)
class BaseFile:
    """Base data on disk, not read yet.

    Attributes:
        path: the file.
        sha256: its hash, as the manifest has it.
    """

    path: Path
    sha256: str

    def content(self) -> bytes:
        """Return what the file holds, compared with its hash.

        Raises:
            BundleMissing: if it is not there any more.
            BundleMismatch: if it is not what the manifest says.
        """
        data = read_file(self.path)
        if (found := sha256(data)) != self.sha256:
            raise BundleMismatch(f"{BASE}: sha256", self.sha256, found, path=self.path.parent)
        return data


@dataclass(frozen=True, eq=False, slots=True)
class ModelBundle:
    """A model, ready to run.

    Attributes:
        name: what people call it.
        threshold: an item is bad when its score is above this.
        network: ids or other arrays → output.
        text: raw text → ids; None for a model that scores arrays only.
        fingerprint: hash of all that a score depends on, hexadecimal.
        parity: recorded cases to check the network with; None if there are none.
        provenance: where the model comes from: framework, data, lemmatizer, date.
        metrics: how it did on texts it had not seen.
        base: what it can be retrained with, in memory or still on disk; None if it brings none.

    Raises:
        BundleMismatch: if the text part gives ids that the network cannot take.
    """

    name: str
    threshold: float
    network: Network
    text: TextPipeline | None
    fingerprint: str
    parity: ParityCases | None = None
    provenance: Mapping[str, Any] = field(default_factory=dict)
    metrics: Mapping[str, Any] = field(default_factory=dict)
    base: BaseData | BaseFile | None = None

    @property
    def identity(self) -> str:
        """What verdicts call it: name and first digits of its hash."""
        return f"{self.name}-{self.fingerprint[:8]}"

    def base_data(self) -> BaseData | None:
        """Return the base data, read now if it is still on disk; None if there are none.

        Raises:
            BundleMissing: if the file is not there any more.
            BundleMismatch: if it is not what the manifest or its format says.
        """
        return (
            read_base(self.base.content(), BASE) if isinstance(self.base, BaseFile) else self.base
        )

    def __post_init__(self) -> None:
        if not (math.isfinite(self.threshold) and 0 <= self.threshold <= 1):
            raise BundleMismatch("threshold", "0 to 1", self.threshold)
        if self.text is not None:
            _expect_fit(self.text, self.network)


def read_bundle(folder: Path) -> ModelBundle:
    """Return the bundle in ``folder``.

    Raises:
        BundleMissing: if a file is not there.
        BundleMismatch: if a file is not what the manifest or its format says.
        UnsupportedLayer: for a layer this runtime does not know.
    """
    manifest = Document.parse(read_file(folder / MANIFEST), MANIFEST)
    if (schema := manifest.get("schema", int)) != SCHEMA:
        raise BundleMismatch(f"{MANIFEST}: schema", SCHEMA, schema)
    hashes = manifest.string_map("files")
    base = _base_file(folder, hashes.pop(BASE, None))
    files = _read_files(folder, hashes)
    spec = GraphSpec.from_json(Document.parse(files[GRAPH], GRAPH))
    network = Network(spec, unpacked(read_tensors(files[WEIGHTS], WEIGHTS), WEIGHTS))
    return ModelBundle(
        name=manifest.get("name", str),
        threshold=manifest.get("threshold", float),
        network=network,
        text=pipeline_from_json(Document.parse(files[TEXT], TEXT)) if TEXT in files else None,
        fingerprint=fingerprint(files),
        parity=_parity(files, network),
        provenance=manifest.child("provenance").fields,
        metrics=manifest.child("metrics").fields,
        base=base,
    )


def read_fingerprint(folder: Path) -> str:
    """Return the fingerprint of the bundle in ``folder`` as its manifest has it; quick.

    Raises:
        BundleMissing: if there is no manifest.
        BundleMismatch: if it is none.
    """
    manifest = Document.parse(read_file(folder / MANIFEST), MANIFEST)
    return _fingerprint_of(manifest.string_map("files"))


def text_input(text: TextPipeline, network: Network) -> InputSpec:
    """Return the input of ``network`` that takes what ``text`` gives.

    Raises:
        BundleMismatch: if ``text`` does not name it among several, or names another.
    """
    inputs = {given.name: given for given in network.spec.inputs}
    name = next(iter(inputs)) if text.input is None and len(inputs) == 1 else text.input
    if name not in inputs:
        raise BundleMismatch("graph: inputs", f"one for the text: {name}", sorted(inputs))
    return inputs[name]


def is_folder(path: Path) -> bool:
    """Tell whether ``path`` is a folder, not a file.

    Raises:
        BundleMissing: if nothing is there.
        ModelError: if it is a path that cannot be, or may not be looked at.
    """
    try:
        return stat.S_ISDIR(path.stat().st_mode)
    except (FileNotFoundError, NotADirectoryError):
        raise BundleMissing("no such file or folder", path=path) from None
    except OSError as error:
        raise ModelError(error.strerror or str(error), path=path) from error
    except ValueError as error:  # a character that no path can hold
        raise ModelError(str(error), path=path) from error


def read_file(path: Path) -> bytes:
    """Return what ``path`` holds.

    Raises:
        BundleMissing: if it is not there.
        ModelError: if it cannot be read or is larger than any model we know.
    """
    try:
        with path.open("rb") as file:
            data = file.read(_LARGEST_FILE + 1)
    except FileNotFoundError:
        raise BundleMissing("no such file", path=path) from None
    except OSError as error:
        raise ModelError(error.strerror or str(error), path=path) from error
    except ValueError as error:  # a character that no path can hold
        raise ModelError(str(error), path=path) from error
    if len(data) > _LARGEST_FILE:
        raise ModelError("larger than 1 GiB", path=path)
    return data


def fingerprint(files: Mapping[str, bytes]) -> str:
    """Return one hash for those of ``files`` that a score depends on."""
    return _fingerprint_of({name: sha256(files[name]) for name in _SCORING if name in files})


def sha256(data: bytes) -> str:
    """Return the hash of ``data``, hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def _fingerprint_of(hashes: Mapping[str, str]) -> str:
    scoring = [hashes[name] for name in _SCORING if name in hashes]
    return sha256("\n".join(scoring).encode())


def _base_file(folder: Path, expected: str | None) -> BaseFile | None:
    """Find the base data; only whoever retrains reads them."""
    if expected is None:
        return None
    path = folder / BASE
    if not path.is_file():
        raise BundleMissing("no such file", path=path)
    return BaseFile(path, expected)


def _read_files(folder: Path, hashes: Mapping[str, str]) -> dict[str, bytes]:
    for name in (*hashes, *_REQUIRED):
        if name not in FILES or name not in hashes:
            raise BundleMismatch(f"{MANIFEST}: files", sorted(FILES), sorted(hashes))
    files = {name: read_file(folder / name) for name in hashes}
    for name, data in files.items():
        if (found := sha256(data)) != hashes[name]:
            raise BundleMismatch(f"{name}: sha256", hashes[name], found)
    return files


def _parity(files: Mapping[str, bytes], network: Network) -> ParityCases | None:
    if PARITY not in files or PARITY_TENSORS not in files:
        return None
    tensors = read_tensors(files[PARITY_TENSORS], PARITY_TENSORS)
    return cases_from_json(Document.parse(files[PARITY], PARITY), tensors, network)


def _expect_fit(text: TextPipeline, network: Network) -> None:
    given = text_input(text, network)
    length, words = text.vectorizer.length, text.vectorizer.id_count
    if given.shape not in ((length,), (None,)):
        raise BundleMismatch(f"graph: inputs: {given.name}", f"{length} values", given.shape)
    for layer in network.spec.layers:
        if words is None or layer.kind != "Embedding" or layer.inputs[0] != given.name:
            continue
        if words > (rows := len(network.tensors[layer.weights["table"]])):
            raise BundleMismatch("vocabulary", f"at most {rows} words", words)
