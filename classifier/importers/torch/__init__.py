"""PyTorch → ModelBundle."""

from classifier.importers.torch.live import record_torch
from classifier.importers.torch.model import import_torch

__all__ = ["import_torch", "record_torch"]
