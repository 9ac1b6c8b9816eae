"""The network: arrays in, arrays out, by numpy alone."""

from classifier.network.graph import Network
from classifier.network.layers import Array
from classifier.network.spec import GraphSpec, InputSpec, LayerSpec

__all__ = ["Array", "GraphSpec", "InputSpec", "LayerSpec", "Network"]
