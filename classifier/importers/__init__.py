"""Models from elsewhere → ModelBundle."""

from classifier.importers.weights_json import import_weights_json

__all__ = ["import_weights_json"]
