"""What a user recorded with the source framework, wherever that still runs → parity cases.

    numpy.savez("recorded.npz", input=ids, output=model.predict(ids))

Several inputs or outputs are called ``input:NAME`` and ``output:0``, ``output:1``….
"""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from classifier.bundle import ModelBundle, read_file, sha256, text_input
from classifier.errors import BundleMismatch
from classifier.importers.agreement import largest_difference
from classifier.network import Array
from classifier.parity import ParityCases, Recorder
from classifier.summary import framework_name

_ZIP = b"PK\x03\x04"
_MOST_BYTES = 1 << 30
_DAMAGE = (
    ValueError, OSError, EOFError, KeyError, MemoryError, RuntimeError, NotImplementedError,
    SyntaxError, zipfile.BadZipFile, zlib.error,
)  # fmt: skip


def record_by_hand(bundle: ModelBundle, path: str | Path) -> ModelBundle:
    """Return ``bundle`` with the inputs and outputs in the file at ``path`` as its parity cases.

    They are taken as given: the provenance says so.

    Args:
        bundle: the imported model.
        path: an ``.npz`` of named arrays. An input for text may hold texts.

    Raises:
        BundleMissing: if the file is not there.
        BundleMismatch: naming the array that is missing, left over, misshapen, or no finite
            numbers; or the output that is not ours, by how much, and what is allowed.
        ModelError: if it cannot be read.
    """
    path = Path(path)
    data = read_file(path)
    framework = framework_name(bundle.provenance)
    try:
        cases = _cases(_arrays(data), bundle)
        told = {
            "cases": f"recorded by hand with {framework}, as given",
            "cases_file": path.name,
            "cases_sha256": sha256(data),
        }
        recorded = replace(bundle, parity=cases, provenance={**bundle.provenance, **told})
        largest_difference(recorded, f"what {framework} answered by hand")
    except BundleMismatch as error:
        raise BundleMismatch(error.key, error.expected, error.found, path=path) from error
    return recorded


def _arrays(data: bytes) -> dict[str, Array]:
    if not data.startswith(_ZIP):
        raise BundleMismatch("file", "an .npz of numpy.savez", f"{data[:8]!r}")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            size = sum(member.file_size for member in archive.infolist())
        if size > _MOST_BYTES:
            raise BundleMismatch("file", "at most 1 GiB of arrays", f"{size} bytes")
        with np.load(io.BytesIO(data), allow_pickle=False) as archive:
            return {name: np.asarray(archive[name]) for name in archive.files}
    except _DAMAGE as error:
        reason = " ".join(str(error).split()) or type(error).__name__
        raise BundleMismatch("file", "an .npz of arrays of numbers", reason[:200]) from error


def _cases(arrays: Mapping[str, Array], bundle: ModelBundle) -> ParityCases:
    network = bundle.network
    names, refs = [given.name for given in network.spec.inputs], network.spec.outputs
    found_inputs, found_outputs = _find(arrays, "input", names), _find(arrays, "output", refs)
    for key in arrays.keys() - {*found_inputs.values(), *found_outputs.values()}:
        raise BundleMismatch(key, _expected(names, refs), "an array of this name")
    rows = _rows(arrays)
    texts, given = _read_texts(bundle, {name: arrays[key] for name, key in found_inputs.items()})
    inputs = {name: _numbers(found_inputs[name], array) for name, array in given.items()}
    ours = dict(zip(refs, network.outputs(inputs), strict=True))
    outputs = {ref: _numbers(key, arrays[key]) for ref, key in found_outputs.items()}
    for ref, array in outputs.items():
        if array.shape != ours[ref].shape:
            raise BundleMismatch(found_outputs[ref], ours[ref].shape, array.shape)
    return ParityCases(texts or (None,) * rows, inputs, outputs, Recorder.HAND)


def _find(arrays: Mapping[str, Array], kind: str, names: Sequence[str]) -> dict[str, str]:
    """Return by name the key under which its array is kept: by its name, its number, or alone."""
    keys: dict[str, str] = {}
    for i, name in enumerate(names):
        possible = [f"{kind}:{name}", f"{kind}:{i}", *([kind] if len(names) == 1 else [])]
        there = [key for key in dict.fromkeys(possible) if key in arrays]
        if len(there) != 1:
            listed = ", ".join(there or arrays) or "none"
            raise BundleMismatch(possible[0 if len(names) > 1 else -1], "one array", listed)
        keys[name] = there[0]
    return keys


def _expected(inputs: Sequence[str], outputs: Sequence[str]) -> str:
    wanted = ["input"] if len(inputs) == 1 else [f"input:{name}" for name in inputs]
    wanted += ["output"] if len(outputs) == 1 else [f"output:{i}" for i in range(len(outputs))]
    return f"only {', '.join(wanted)}"


def _rows(arrays: Mapping[str, Array]) -> int:
    counts = {key: len(array) if array.ndim else 0 for key, array in arrays.items()}
    if len(set(counts.values())) != 1 or 0 in counts.values():
        raise BundleMismatch("rows", "the same number in each array, and at least one", counts)
    return next(iter(counts.values()))


def _read_texts(
    bundle: ModelBundle, given: dict[str, Array]
) -> tuple[tuple[str, ...], dict[str, Array]]:
    """Return the texts, if the input for text holds some, and the inputs with ids for them."""
    if bundle.text is None:
        return (), given
    name = text_input(bundle.text, bundle.network).name
    array = given[name]
    if array.dtype.kind != "U":
        return (), given
    if array.size != len(array):
        raise BundleMismatch(f"input:{name}", "one text a row", array.shape)
    texts = tuple(array.ravel().tolist())
    return texts, {**given, name: bundle.text.ids(texts)}


def _numbers(key: str, array: Array) -> Array:
    """Return ``array`` in a type that a bundle keeps."""
    if array.dtype.kind not in "biuf":
        raise BundleMismatch(key, "numbers", array.dtype)
    if array.dtype.kind != "f":
        return array.astype(np.int64)
    kept: Array = array.astype(np.float32 if array.dtype.itemsize <= 4 else np.float64)
    if not np.isfinite(kept).all():
        row = int(np.flatnonzero(~np.isfinite(kept).reshape(len(kept), -1).all(axis=1))[0])
        raise BundleMismatch(f"{key}: row {row}", "finite numbers", "NaN or infinity: leave it out")
    return kept
