"""Models from elsewhere → ModelBundle."""

from classifier.importers.keras import import_keras
from classifier.importers.weights_json import import_weights_json

__all__ = ["import_keras", "import_weights_json"]
