"""What can go wrong with a model.

ModelError               a model cannot be used (path)
├── BundleMissing        a file of the bundle is not there
├── BundleMismatch       what the bundle says and what it holds disagree (key, expected, found)
└── UnsupportedLayer     a layer this runtime does not know or cannot train (name, class)
"""

from __future__ import annotations

from pathlib import Path


class ModelError(Exception):
    """A model cannot be used.

    Attributes:
        path: the file or folder that was being read; None for a model in memory.
    """

    def __init__(self, message: str, *, path: Path | None = None) -> None:
        self.path = path
        super().__init__(f"{path}: {message}" if path else message)


class BundleMissing(ModelError):
    """A file of the bundle is not there."""


class BundleMismatch(ModelError):
    """What a bundle says and what it holds disagree.

    Attributes:
        key: what disagrees: a file's name, a weight's name, a field.
        expected: what it should be.
        found: what is there.
    """

    def __init__(
        self, key: str, expected: object, found: object, *, path: Path | None = None
    ) -> None:
        self.key = key
        self.expected = expected
        self.found = found
        super().__init__(f"{key}: expected {expected}, found {found}", path=path)


class UnsupportedLayer(ModelError):
    """The network has a layer this runtime does not know, or cannot train.

    Attributes:
        name: the layer's name in its network.
        layer_class: the class it asks for.
    """

    def __init__(
        self,
        name: str,
        layer_class: str,
        *,
        path: Path | None = None,
        fault: str = "is not supported",
    ) -> None:
        self.name = name
        self.layer_class = layer_class
        super().__init__(f"layer {name!r}: class {layer_class!r} {fault}", path=path)
