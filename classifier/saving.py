"""Writing a ModelBundle: all of it or nothing."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from classifier.base import write_base
from classifier.bundle import (
    BASE,
    GRAPH,
    MANIFEST,
    PARITY,
    PARITY_TENSORS,
    SCHEMA,
    TEXT,
    WEIGHTS,
    BaseFile,
    ModelBundle,
    read_bundle,
    sha256,
)
from classifier.errors import ModelError
from classifier.grids import packed
from classifier.parity import cases_to_json, cases_to_tensors
from classifier.safetensors import write_tensors
from classifier.text.settings import pipeline_to_json


def write_bundle(
    bundle: ModelBundle,
    folder: Path,
    *,
    card: str | None = None,
    pictures: Mapping[str, str] | None = None,
) -> ModelBundle:
    """Write ``bundle`` to ``folder`` and return it as read back from there.

    The files are written beside ``folder`` and moved into place when all are
    complete; a bundle that stands there already is replaced.

    Args:
        bundle: what to write; its fingerprint is made anew from the files.
        folder: must not exist, be empty or hold a bundle.
        card: text of ``MODEL_CARD.md``.
        pictures: further files beside it, by name, that nobody needs to score.

    Raises:
        ModelError: if ``folder`` holds something else, or cannot be written.
    """
    expect_replaceable(folder)
    drawn = {name: text.encode() for name, text in (pictures or {}).items()}
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder.parent, prefix=f".{folder.name}-") as temporary:
            complete = Path(temporary, "new")
            _write_files({**drawn, **bundle_files(bundle, card)}, complete)
            read_bundle(complete).base_data()  # what could not be read back is not put into place
            _swap(complete, folder)
            _settle(folder.parent)
    except OSError as error:
        raise ModelError(f"cannot be written: {error.strerror or error}", path=folder) from error
    return read_bundle(folder)


def bundle_files(bundle: ModelBundle, card: str | None = None) -> dict[str, bytes]:
    """Return every file of ``bundle`` by name, the manifest with their hashes among them."""
    spec, tensors = bundle.network.spec, bundle.network.tensors
    files = {GRAPH: _json(spec.to_json()), WEIGHTS: write_tensors(packed(tensors))}
    if bundle.text is not None:
        files[TEXT] = _json(pipeline_to_json(bundle.text))
    if bundle.parity is not None:
        files[PARITY] = _json(cases_to_json(bundle.parity))
        files[PARITY_TENSORS] = write_tensors(cases_to_tensors(bundle.parity))
    if isinstance(bundle.base, BaseFile):
        files[BASE] = bundle.base.content()
    elif bundle.base is not None:
        files[BASE] = write_base(bundle.base)
    manifest = {
        "schema": SCHEMA,
        "name": bundle.name,
        "threshold": bundle.threshold,
        "files": {name: sha256(data) for name, data in files.items()},
        "provenance": dict(bundle.provenance),
        "metrics": dict(bundle.metrics),
    }
    cards = {} if card is None else {"MODEL_CARD.md": card.encode()}
    return {**files, MANIFEST: _json(manifest), **cards}


def expect_replaceable(folder: Path) -> None:
    """See that a bundle may take the place of what is in ``folder``.

    Raises:
        ModelError: if that is something else than a bundle, or nothing can be written there.
    """
    above = next((parent for parent in folder.parents if parent.exists()), folder)
    if not (above.is_dir() and os.access(above, os.W_OK)):
        raise ModelError(f"cannot be written: {above} is no folder to write to", path=folder)
    if folder.is_dir():
        names = {path.name for path in folder.iterdir()}
        if not names or MANIFEST in names:
            return
    if folder.exists():
        raise ModelError("exists and is no bundle: nothing is overwritten", path=folder)


def _write_files(files: dict[str, bytes], folder: Path) -> None:
    folder.mkdir()
    for name, data in files.items():
        with (folder / name).open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
    _settle(folder)


def _settle(folder: Path) -> None:
    """See that the names in ``folder`` outlive a power cut, as the files themselves do."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _swap(complete: Path, folder: Path) -> None:
    """Put ``complete`` in place of ``folder``; whatever ends it, one of the two is there.

    A kill between the two steps leaves the old bundle beside its place, under a
    name that says so.
    """
    old = folder.with_name(f"{folder.name}.replaced")
    shutil.rmtree(old, ignore_errors=True)
    if folder.exists():
        folder.rename(old)
    try:
        complete.rename(folder)
    except BaseException:  # Ctrl-C too: the old bundle goes back, then the error on its way
        if old.exists():
            old.rename(folder)
        raise
    shutil.rmtree(old, ignore_errors=True)


def _json(value: Any) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode()
