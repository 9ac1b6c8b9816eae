"""The same architecture in PyTorch itself: its answers become the parity cases."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from classifier.bundle import ModelBundle
from classifier.importers.architecture import Architecture, Entry, read_architecture
from classifier.importers.cases import case_inputs
from classifier.importers.torch.live_layers import Live, run
from classifier.importers.torch.model import assemble
from classifier.importers.torch.state import State, import_torch_package, read_state
from classifier.network import Array
from classifier.parity import ParityCases


def record_torch(bundle: ModelBundle, state: str | Path, spec: str | Path) -> ModelBundle:
    """Return ``bundle`` with the answers of PyTorch as its parity cases.

    Args:
        bundle: what ``import_torch`` made of the two files.
        state: the ``state_dict``.
        spec: the architecture, of which every layer is built and run in PyTorch.

    Raises:
        ModelError: if PyTorch is not installed, or the files cannot be read.
    """
    torch, architecture, weights = (
        import_torch_package(),
        read_architecture(spec),
        read_state(state),
    )
    refs = assemble(weights, architecture).refs
    texts, inputs = case_inputs(bundle)
    answers = live_outputs(torch, architecture, weights, inputs)
    outputs = {refs[name]: answer for name, answer in answers.items() if name in refs}
    return replace(
        bundle,
        parity=ParityCases(texts, inputs, outputs),
        provenance={**bundle.provenance, "framework": {"torch": str(torch.__version__)}},
    )


def live_outputs(
    torch: Any, architecture: Architecture, state: State, inputs: Mapping[str, Array]
) -> dict[str, Array]:
    """Return what PyTorch answers: every layer and part of one, by the names of the spec file."""
    dtypes = {"int": torch.int64, "float": torch.float32}
    values = {
        given.name: torch.as_tensor(inputs[given.name]).to(dtypes[given.dtype])
        for given in architecture.inputs
    }
    with torch.no_grad():
        for entry in architecture.layers:
            parts = run(
                Live(torch, entry, _weights(entry, state)), [values[name] for name in entry.inputs]
            )
            named = {f"{entry.name}:{part}" if part else entry.name: parts[part] for part in parts}
            values |= named
    return {name: value.numpy() for name, value in values.items() if name not in inputs}


def _weights(entry: Entry, state: State) -> dict[str, Array]:
    prefix = f"{entry.weights}." if entry.weights else ""
    return {
        name[len(prefix) :]: tensor
        for name, tensor in state.tensors.items()
        if name.startswith(prefix)
    }
