"""From raw text to the ids a network reads."""

from classifier.text.clean import Cleaner
from classifier.text.compose import compose
from classifier.text.keras_tokenizer import KerasTokenizer
from classifier.text.pipeline import TextPipeline
from classifier.text.text_vectorization import TextVectorization
from classifier.text.tfidf import TfIdf
from classifier.text.vectorizers import Vectorizer
from classifier.text.word_forms import WordForms

__all__ = [
    "Cleaner",
    "KerasTokenizer",
    "TextPipeline",
    "TextVectorization",
    "TfIdf",
    "Vectorizer",
    "WordForms",
    "compose",
]
