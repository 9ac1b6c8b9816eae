"""One layer on its way from PyTorch to this runtime."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from classifier.errors import BundleMismatch
from classifier.importers.architecture import Entry
from classifier.importers.assembly import Assembly
from classifier.importers.torch.activations import read_activation
from classifier.importers.torch.state import State
from classifier.network import Array, Ref
from classifier.network.options import Options


@dataclass(frozen=True, eq=False, slots=True)
class Porting:
    """What a converter works with.

    Attributes:
        entry: the layer as the spec file describes it.
        options: its settings, of which every one must be asked for.
        state: the weights of the whole model.
        assembly: the network so far.
    """

    entry: Entry
    options: Options
    state: State
    assembly: Assembly

    @property
    def inputs(self) -> list[Ref]:
        """What the layer reads."""
        return self.assembly.read(self.entry.name, self.entry.inputs)

    def has(self, name: str) -> bool:
        """Tell whether the layer has the weights ``name``."""
        return self._full(name) in self.state

    def weight(self, name: str, *ranks: int) -> Array:
        """Return the layer's weights ``name``, which have one of ``ranks`` dimensions."""
        return self.state.take(self._full(name), *ranks)

    def optional(self, **roles: str) -> dict[str, Array]:
        """Return by role those weights of ``roles``, role → name, that are there."""
        return {role: self.weight(name, 1) for role, name in roles.items() if self.has(name)}

    def expect(self, setting: str, found: object) -> None:
        """See that a setting, if the spec file has it, is what the weights say.

        Raises:
            BundleMismatch: if it is not.
        """
        said = self.options.value(setting)
        if said is not None and said != found:
            raise BundleMismatch(f"{self.entry.name}: {setting}", said, found)

    def ignore(self, *settings: str) -> None:
        """Let settings pass that change nothing once a model is trained."""
        for setting in settings:
            self.options.value(setting)

    def activation(self) -> object:
        """Return the activation that the spec file asks for besides."""
        return read_activation(self.options)

    def add(
        self,
        kind: str,
        config: Mapping[str, object] | None = None,
        weights: Mapping[str, Array] | None = None,
        *,
        inputs: Sequence[Ref] | None = None,
        name: str | None = None,
    ) -> Ref:
        """Add a layer of this runtime, by default under the name and with the inputs of the
        entry."""
        given = self.inputs if inputs is None else inputs
        return self.assembly.add(name or self.entry.name, kind, given, config, weights)

    def _full(self, name: str) -> str:
        """A ``state_dict`` of one module alone has names without a beginning."""
        return f"{self.entry.weights}.{name}" if self.entry.weights else name


Parts = Mapping[str, Ref]
"""What a layer gives: ``""`` is its output, all else a part as ``h``."""

Converter = Callable[[Porting], Parts]
