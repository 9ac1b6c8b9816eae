"""From raw text to the ids a network reads."""

from classifier.text.clean import Cleaner
from classifier.text.compose import compose
from classifier.text.pipeline import TextPipeline
from classifier.text.vectorizers import TextVectorization

__all__ = ["Cleaner", "TextPipeline", "TextVectorization", "compose"]
