"""Where models are found: a bundle's folder or a one-file JSON."""

from __future__ import annotations

from pathlib import Path

from classifier.bundle import (
    ModelBundle,
    is_folder,
    read_bundle,
    read_file,
    read_fingerprint,
    sha256,
)
from classifier.errors import BundleMismatch, UnsupportedLayer
from classifier.importers.weights_json import import_weights_json
from classifier.text import Cleaner


def default_bundle_path() -> Path:
    """Return the folder of the bundle that is shipped with the package."""
    return Path(__file__).parent / "data" / "default"


def article_bundle_path() -> Path:
    """Return the folder of the article's network, which is shipped to measure against."""
    return Path(__file__).parent / "data" / "article"


def load_bundle(path: str | Path, *, cleaner: Cleaner | None = None) -> ModelBundle:
    """Return the model at ``path``: a bundle's folder, or a one-file JSON of weights.

    Args:
        path: the folder or the file.
        cleaner: how raw text becomes the words of a one-file JSON, which does not
            say; None: it is given clean lemmas. A bundle has its own.

    Raises:
        BundleMissing: if nothing is there, or a file of the bundle is missing.
        BundleMismatch: if its files are damaged or disagree.
        UnsupportedLayer: if it has a layer that this runtime does not know.
        ModelError: if it cannot be read; parent of all these.
    """
    path = Path(path)
    try:
        return read_bundle(path) if is_folder(path) else import_weights_json(path, cleaner=cleaner)
    except BundleMismatch as error:
        raise BundleMismatch(error.key, error.expected, error.found, path=path) from error
    except UnsupportedLayer as error:
        raise UnsupportedLayer(error.name, error.layer_class, path=path) from error


def fingerprint_at(path: Path) -> str:
    """Return the fingerprint that the model at ``path`` has once it is loaded; much quicker.

    Raises:
        ModelError: if there is none.
    """
    return read_fingerprint(path) if is_folder(path) else sha256(read_file(path))
