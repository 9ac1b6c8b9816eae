"""Keras files → ModelBundle, of Keras 1, 2 and 3."""

from classifier.importers.keras.importer import import_keras
from classifier.importers.keras.live import record_keras

__all__ = ["import_keras", "record_keras"]
