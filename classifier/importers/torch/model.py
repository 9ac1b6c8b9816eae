"""PyTorch → ModelBundle: a ``state_dict`` and the spec file of its architecture."""

from __future__ import annotations

from pathlib import Path

from classifier.bundle import ModelBundle, read_file, sha256
from classifier.errors import UnsupportedLayer
from classifier.importers.architecture import Architecture, Entry, read_architecture
from classifier.importers.assembly import Assembly
from classifier.importers.tokenizers import fitted_to
from classifier.importers.torch import layers, recurrent
from classifier.importers.torch.porting import Porting
from classifier.importers.torch.state import State, read_state
from classifier.network import LayerSpec
from classifier.network.options import Options
from classifier.text import TextPipeline

_THRESHOLD = 0.5
_CONVERTERS = {**layers.CONVERTERS, **recurrent.CONVERTERS}
KINDS = tuple(_CONVERTERS)


def import_torch(
    state: str | Path, spec: str | Path, *, text: TextPipeline | None = None
) -> ModelBundle:
    """Return a PyTorch model as a bundle.

    Args:
        state: its ``state_dict``: ``.safetensors``, or ``.pt`` where PyTorch is installed.
        spec: its architecture, TOML or JSON; see docs/importing.md.
        text: how texts become ids, as ``import_tokenizer`` returns it; what it leaves open is
            set to what the network takes. None: the bundle scores arrays only.

    Raises:
        BundleMissing: if a file is not there.
        BundleMismatch: if weights and architecture do not fit: key, expected, found.
        UnsupportedLayer: for a layer or a setting that this runtime does not know.
        ModelError: if a ``.pt`` is given where PyTorch is not installed.
    """
    state, spec = Path(state), Path(spec)
    architecture = read_architecture(spec)
    assembly = assemble(read_state(state), architecture)
    network = assembly.network()
    source = sha256(read_file(state))
    return ModelBundle(
        name=state.stem,
        threshold=_THRESHOLD,
        network=network,
        text=None if text is None else fitted_to(text, network),
        fingerprint=source,
        provenance={
            "framework": {"torch": "state_dict"},
            "source": state.name,
            "source_sha256": source,
            "spec": spec.name,
            "spec_sha256": architecture.sha256,
            **({"notes": assembly.notes} if assembly.notes else {}),
        },
    )


def assemble(state: State, architecture: Architecture) -> Assembly:
    """Return the network of ``architecture`` with the weights in ``state``.

    Raises:
        UnsupportedLayer: for a layer or a setting that this runtime does not know.
        BundleMismatch: for weights that are missing, left over or of other dimensions.
    """
    assembly = Assembly(architecture)
    for entry in architecture.layers:
        _convert(entry, state, assembly)
    state.expect_all_taken()
    return assembly


def _convert(entry: Entry, state: State, assembly: Assembly) -> None:
    if entry.kind not in _CONVERTERS:
        raise UnsupportedLayer(entry.name, entry.kind)
    with Options(LayerSpec(entry.name, entry.kind, (), entry.settings)) as options:
        parts = _CONVERTERS[entry.kind](Porting(entry, options, state, assembly))
    for part, ref in parts.items():
        assembly.refs[f"{entry.name}:{part}" if part else entry.name] = ref
