"""The config of a Keras model, of whatever version, in one form: layers and their calls."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from classifier.documents import Document, typed
from classifier.errors import BundleMismatch, UnsupportedLayer
from classifier.importers.keras.files import Version

MODELS = ("Sequential", "Functional", "Model")
INPUT = "InputLayer"
SHARED_MARK = "shared_object_id"
_DEEPEST = 16
_MOST_LAYERS = 10_000
_CONSTANT = "_CONSTANT_VALUE"


@dataclass(frozen=True, slots=True)
class Tensor:
    """What a call gave: the layer's name, which call of it, which of its outputs."""

    layer: str
    call: int
    output: int


@dataclass(frozen=True, slots=True)
class Call:
    """One call of a layer.

    Attributes:
        args: tensors, constants and lists of them.
        kwargs: the same by name.
    """

    args: tuple[Any, ...]
    kwargs: Mapping[str, Any] = field(default_factory=dict)

    def tensors(self) -> Iterator[Tensor]:
        """Yield every tensor that the call reads."""
        yield from _tensors([*self.args, *self.kwargs.values()])


@dataclass(frozen=True, eq=False, slots=True)
class KerasLayer:
    """A layer, an operation or a model inside a model.

    Attributes:
        class_name: as in the file; of a registered class ``package>Name``.
        registered: the name under which Keras knows the class, if that stands beside it.
        config: what it was made with.
        module: where its class is from, in a ``.keras``.
        calls: in the order in which they were made.
        model: the layers inside, if it is a model.
        shared: it stands in the file before, perhaps in another model.
    """

    name: str
    class_name: str
    registered: str | None
    config: Mapping[str, Any]
    calls: tuple[Call, ...] = ()
    model: KerasModel | None = None
    module: str = ""
    shared: bool = False


@dataclass(frozen=True, eq=False, slots=True)
class KerasModel:
    """A model: layers in the order of the file, and which tensors go in and come out."""

    name: str
    sequential: bool
    layers: tuple[KerasLayer, ...]
    inputs: tuple[Tensor, ...]
    outputs: tuple[Tensor, ...]


def read_model(document: Document, version: Version) -> KerasModel:
    """Return the model that ``document``, its class name and its config, describes.

    Raises:
        UnsupportedLayer: if it is a class of its own instead of a graph of layers.
        BundleMismatch: if something is missing or refers to nothing.
    """
    model = _Reader(version).layer(document).model
    if model is None:
        name = document.get("class_name", str)
        raise UnsupportedLayer(name, f"{name} (a model that is no graph of layers)")
    return model


@dataclass(slots=True)
class _Reader:
    version: Version
    depth: int = 0
    layers: int = 0

    def layer(self, document: Document) -> KerasLayer:
        """Return the layer that ``document`` describes, without its calls."""
        self.layers += 1
        if self.layers > _MOST_LAYERS:
            raise BundleMismatch(f"{document.key}: layers", f"at most {_MOST_LAYERS}", "more")
        class_name, config = document.get("class_name", str), _config(document)
        name = document.find("name", str) or config.get("name")
        layer = KerasLayer(
            name=str(name or class_name.lower()),
            class_name=class_name,
            registered=document.find("registered_name", str),
            module=document.find("module", str) or "",
            config=config,
            shared=document.fields.get(SHARED_MARK) is not None,
        )
        return replace(layer, model=self._inside(document, layer))

    def _inside(self, document: Document, layer: KerasLayer) -> KerasModel | None:
        raw = document.fields["config"]
        if layer.class_name not in MODELS and not {"layers", "input_layers"} <= layer.config.keys():
            return None
        if self.depth >= _DEEPEST:
            raise BundleMismatch(f"{document.key}: models", f"{_DEEPEST} in each other", "more")
        self.depth += 1
        if isinstance(raw, list) or "input_layers" not in layer.config:
            model = self._sequential(document, layer)
        else:
            model = self._functional(document.child("config"), layer)
        self.depth -= 1
        return model

    def _sequential(self, document: Document, owner: KerasLayer) -> KerasModel:
        nested = (
            document if isinstance(document.fields["config"], list) else document.child("config")
        )
        field_name = "config" if nested is document else "layers"
        layers = [self.layer(child) for child in nested.children(field_name)]
        if not layers:
            raise BundleMismatch(f"{document.key}: layers", "at least one", "none")
        if layers[0].class_name != INPUT:
            layers.insert(0, _input_before(layers[0], owner.config))
        tensors = [Tensor(layer.name, 0, 0) for layer in layers]
        chained = [
            replace(layer, calls=(Call((before,)),))
            for layer, before in zip(layers[1:], tensors, strict=False)
        ]
        return KerasModel(owner.name, True, (layers[0], *chained), (tensors[0],), (tensors[-1],))

    def _functional(self, config: Document, owner: KerasLayer) -> KerasModel:
        documents = config.children("layers")
        layers = [
            replace(self.layer(child), calls=_calls(child, self.version)) for child in documents
        ]
        inputs = _flat(config.fields["input_layers"], f"{config.key}: input_layers")
        outputs = _flat(config.fields.get("output_layers"), f"{config.key}: output_layers")
        model = KerasModel(owner.name, False, tuple(layers), inputs, outputs)
        return _counted_from_zero(model, self.version)


def _config(document: Document) -> Mapping[str, Any]:
    config = document.fields.get("config")
    return {} if isinstance(config, list) else typed(config, dict, f"{document.key}: config")


def _calls(document: Document, version: Version) -> tuple[Call, ...]:
    nodes = document.get("inbound_nodes", list)
    return tuple(_call(node, f"{document.key}: inbound_nodes[{i}]") for i, node in enumerate(nodes))


def _call(node: object, key: str) -> Call:
    if isinstance(node, dict):
        args = typed(node.get("args"), list, f"{key}: args")
        kwargs = typed(node.get("kwargs", {}), dict, f"{key}: kwargs")
        return Call(
            tuple(_argument(argument, key) for argument in args),
            {name: _argument(argument, key) for name, argument in kwargs.items()},
        )
    return _old_call(typed(node, list, key), key)


def _old_call(node: list[Any], key: str) -> Call:
    """Return a call as Keras 1 and 2 write it: ``[[layer, call, output, {arguments}], …]``."""
    tensors: list[Any] = []
    kwargs: dict[str, Any] = {}
    # A layer that takes one tensor may have it without the outer list.
    single = bool(node) and isinstance(node[0], str)
    for entry in (typed(one, list, key) for one in ([node] if single else node)):
        if len(entry) > 3:
            given = typed(entry[3], dict, key)
            kwargs.update({name: _old_argument(value, key) for name, value in given.items()})
        constant = bool(entry) and entry[0] == _CONSTANT
        tensors.append(entry[2] if constant and len(entry) > 2 else _tensor(entry[:3], key))
    return Call((tensors[0] if len(tensors) == 1 else tensors,), kwargs)


def _old_argument(value: object, key: str) -> object:
    if isinstance(value, list):
        if value and value[0] == _CONSTANT and len(value) > 2:
            return value[2]
        if len(value) >= 3 and isinstance(value[0], str):
            return _tensor(value[:3], key)
        return [_old_argument(item, key) for item in value]
    return value


def _argument(value: object, key: str) -> object:
    """Return an argument as Keras 3 writes it, with its tensors read."""
    if isinstance(value, list):
        return [_argument(item, key) for item in value]
    if isinstance(value, dict) and value.get("class_name") == "__keras_tensor__":
        config = typed(value.get("config"), dict, key)
        return _tensor(config.get("keras_history"), key)
    return value


def _tensor(value: object, key: str) -> Tensor:
    parts = typed(value, list, key)
    if len(parts) != 3:
        raise BundleMismatch(key, "layer, call and output", parts)
    return Tensor(typed(parts[0], str, key), typed(parts[1], int, key), typed(parts[2], int, key))


def _flat(value: object, key: str) -> tuple[Tensor, ...]:
    """Return the tensors in ``value``: one, a list, or named ones, as people build models."""
    if isinstance(value, dict):
        return tuple(tensor for item in value.values() for tensor in _flat(item, key))
    listed = typed(value, list, key)
    if listed and isinstance(listed[0], str):
        return (_tensor(listed[:3], key),)
    return tuple(tensor for item in listed for tensor in _flat(item, key))


def _input_before(first: KerasLayer, config: Mapping[str, Any]) -> KerasLayer:
    """Return the input that a Sequential does not spell out."""
    shape: object = None
    layer: KerasLayer | None = first
    while layer is not None and shape is None:
        shape = layer.config.get("batch_shape") or layer.config.get("batch_input_shape")
        dtype = layer.config.get("input_dtype") or layer.config.get("dtype")
        layer = layer.model.layers[0] if layer.model else None
    found = {"batch_shape": shape or config.get("build_input_shape"), "dtype": dtype}
    return KerasLayer(f"{first.name}_input", INPUT, None, found)


def _counted_from_zero(model: KerasModel, version: Version) -> KerasModel:
    """Return ``model`` with the calls of every layer counted from 0.

    A model inside a model has a call of its own from when it was built, which the file does
    not list. Keras 1 and 2 count it everywhere, Keras 3 only where the outputs are named.
    """
    if version >= (3, 0):
        graphs = {
            layer.name for layer in model.layers if layer.model and not layer.model.sequential
        }
        return replace(model, outputs=_shifted(model.outputs, graphs))
    late = _late(model)
    layers = tuple(
        replace(
            layer,
            calls=tuple(
                Call(
                    tuple(_moved(argument, late) for argument in call.args),
                    {name: _moved(argument, late) for name, argument in call.kwargs.items()},
                )
                for call in layer.calls
            ),
        )
        for layer in model.layers
    )
    return replace(model, layers=layers, outputs=_shifted(model.outputs, late))


def _late(model: KerasModel) -> set[str]:
    """Return the models inside ``model`` whose calls are counted from 1."""
    read = [tensor for layer in model.layers for call in layer.calls for tensor in call.tensors()]
    used = {(tensor.layer, tensor.call) for tensor in (*read, *model.outputs)}
    models = [layer for layer in model.layers if layer.model is not None]
    return {layer.name for layer in models if (layer.name, len(layer.calls)) in used}


def _shifted(tensors: Sequence[Tensor], late: set[str]) -> tuple[Tensor, ...]:
    return tuple(_moved(tensor, late) for tensor in tensors)


def _moved(value: Any, late: set[str]) -> Any:
    if isinstance(value, list):
        return [_moved(item, late) for item in value]
    if isinstance(value, Tensor) and value.layer in late:
        return replace(value, call=value.call - 1)
    return value


def _tensors(values: Sequence[Any]) -> Iterator[Tensor]:
    for value in values:
        if isinstance(value, Tensor):
            yield value
        elif isinstance(value, list | tuple):
            yield from _tensors(value)
