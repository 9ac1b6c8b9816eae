"""Classifier: text → the probability that it is bad, by numpy and a lemmatizer alone."""

from classifier.bundle import ModelBundle
from classifier.classifier import Classifier, Score
from classifier.errors import BundleMismatch, BundleMissing, ModelError, UnsupportedLayer
from classifier.loading import article_bundle_path, default_bundle_path, load_bundle
from classifier.text import compose

__all__ = [
    "BundleMismatch",
    "BundleMissing",
    "Classifier",
    "ModelBundle",
    "ModelError",
    "Score",
    "UnsupportedLayer",
    "article_bundle_path",
    "compose",
    "default_bundle_path",
    "load_bundle",
]
