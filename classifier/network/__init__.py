"""The network: arrays in, arrays out, by numpy alone."""

from classifier.network.fuse import fuse
from classifier.network.graph import Network
from classifier.network.layer import Array, Layer, Mask
from classifier.network.registry import register_layer
from classifier.network.spec import GraphSpec, InputSpec, LayerSpec, Ref, Shape
from classifier.network.trimming import trim

__all__ = [
    "Array",
    "GraphSpec",
    "InputSpec",
    "Layer",
    "LayerSpec",
    "Mask",
    "Network",
    "Ref",
    "Shape",
    "fuse",
    "register_layer",
    "trim",
]
