"""A PyTorch ``state_dict`` from a file: names → arrays."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np

from classifier.bundle import read_file
from classifier.errors import BundleMismatch, ModelError
from classifier.importers.recognise import PICKLE, ZIP
from classifier.network import Array
from classifier.safetensors import opens_safetensors, read_tensors

SAFETENSORS = ".safetensors"
_WRAPPERS = ("module.", "_orig_mod.")
_CHECKPOINTS = ("state_dict", "model_state_dict")


class State:
    """The arrays of a ``state_dict``, each of which belongs to some layer."""

    def __init__(self, tensors: Mapping[str, Array], key: str) -> None:
        """Take ``tensors`` by name; ``key`` says where they come from, for messages."""
        self.tensors = dict(tensors)
        self.key = key
        self._taken: set[str] = set()

    def __contains__(self, name: str) -> bool:
        return name in self.tensors

    def take(self, name: str, *ranks: int) -> Array:
        """Return the array ``name``, which has one of ``ranks`` dimensions; any if none is given.

        Raises:
            BundleMismatch: if it is not there or has others.
        """
        if name not in self.tensors:
            raise BundleMismatch(f"{self.key}: {name}", "an array", "nothing")
        self._taken.add(name)
        tensor = self.tensors[name]
        if ranks and tensor.ndim not in ranks:
            expected = " or ".join(str(rank) for rank in ranks)
            raise BundleMismatch(f"{self.key}: {name}", f"{expected} dimensions", tensor.shape)
        return tensor

    def expect_all_taken(self) -> None:
        """See that no array is left over.

        Raises:
            BundleMismatch: naming one that is: the spec file leaves its layer out.
        """
        for name in self.tensors.keys() - self._taken:
            raise BundleMismatch(f"{self.key}: {name}", "a layer of the spec file", "none")


def read_state(path: str | Path) -> State:
    """Return the ``state_dict`` in the file at ``path``.

    A safetensors file, whatever its name, is read by numpy alone. A pickle, in a zip or not,
    is read by PyTorch, which builds nothing but arrays out of it (``weights_only``).

    Raises:
        BundleMissing: if the file is not there.
        BundleMismatch: if it is damaged, or holds anything but arrays.
        ModelError: if PyTorch is needed and not installed.
    """
    path = Path(path)
    content = read_file(path)
    if path.suffix == SAFETENSORS or opens_safetensors(content):
        tensors = _read_safetensors(content, path.name)
    elif content.startswith((ZIP, PICKLE)):
        tensors = _read_pickle(path)
    else:
        raise BundleMismatch(path.name, "a safetensors file or a state_dict", "neither")
    return State(_unwrapped(tensors), path.name)


def import_torch_package() -> Any:
    """Return PyTorch.

    Raises:
        ModelError: if it is not installed.
    """
    try:
        return import_module("torch")
    except ImportError as error:
        hint = "this needs PyTorch: pip install 'newsieve[train]', or save as .safetensors"
        raise ModelError(f"{hint} ({error})") from error


def _read_safetensors(content: bytes, key: str) -> dict[str, Array]:
    return {name: _single(tensor) for name, tensor in read_tensors(content, key).items()}


def _read_pickle(path: Path) -> dict[str, Array]:
    torch = import_torch_package()
    try:
        loaded = torch.load(path, map_location="cpu", weights_only=True)
    except Exception as error:  # whatever a damaged pickle leads to, as failed assertions
        # PyTorch's own words advise to load it with all the code that it may hold.
        found = "a damaged file, or one with more than arrays"
        raise BundleMismatch(path.name, "a state_dict of arrays", found) from error
    return dict(_arrays(torch, _state_dict(loaded, path.name), path.name))


def _state_dict(loaded: object, key: str) -> Mapping[object, object]:
    """Of a checkpoint the part that holds the weights."""
    inside = [loaded[name] for name in _CHECKPOINTS if isinstance(loaded, dict) and name in loaded]
    found = inside[0] if inside else loaded
    if not isinstance(found, dict):
        raise BundleMismatch(key, "a state_dict", type(found).__name__)
    return found


def _arrays(torch: Any, state: Mapping[object, object], key: str) -> Iterator[tuple[str, Array]]:
    for name, tensor in state.items():
        if not isinstance(name, str) or not isinstance(tensor, torch.Tensor):
            raise BundleMismatch(f"{key}: {name}", "an array", type(tensor).__name__)
        whole = tensor.detach()
        yield name, _single((whole.float() if whole.is_floating_point() else whole).numpy())


def _single(tensor: Array) -> Array:
    """Half precision is widened: sums of it would lose digits that PyTorch keeps."""
    return tensor.astype(np.float32) if tensor.dtype == np.float16 else tensor


def _unwrapped(tensors: dict[str, Array]) -> dict[str, Array]:
    """Names as the model gave them, before it was compiled or spread over devices."""
    for prefix in _WRAPPERS:
        if tensors and all(name.startswith(prefix) for name in tensors):
            return _unwrapped({name[len(prefix) :]: value for name, value in tensors.items()})
    return tensors
