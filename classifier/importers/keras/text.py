"""A ``TextVectorization`` layer inside a Keras file → the text part of the bundle."""

from __future__ import annotations

from classifier.documents import typed
from classifier.errors import BundleMismatch, UnsupportedLayer
from classifier.importers.keras.files import KerasFile
from classifier.importers.keras.model import KerasModel
from classifier.importers.keras.settings import Dialect, Settings
from classifier.importers.keras.weights import place_layers
from classifier.text import TextPipeline, TextVectorization
from classifier.text.text_vectorization import SPECIAL_WORDS, Standardize

VECTORIZER = "TextVectorization"
_IGNORED = ("max_tokens", "pad_to_max_tokens", "vocabulary_size", "idf_weights")


def read_text(file: KerasFile, model: KerasModel, dialect: Dialect) -> TextPipeline | None:
    """Return the text part that ``model`` carries, or None.

    Raises:
        UnsupportedLayer: for a setting that this runtime does not know.
        BundleMismatch: if its vocabulary is not there, or there are several such layers.
    """
    found = [
        (layer, place)
        for path, layer, place in place_layers(model)
        if layer.class_name == VECTORIZER
    ]
    if not found:
        return None
    (layer, place), *others = found
    if others or layer not in model.layers or len(layer.calls) != 1:
        raise UnsupportedLayer(layer.name, f"{VECTORIZER} (other than once, for an input)")
    words = file.vocabularies.get(place) or layer.config.get("vocabulary")
    vectorizer = _vectorizer(Settings(layer, dialect), _vocabulary(layer.name, words))
    return TextPipeline(None, vectorizer, input=next(layer.calls[0].tensors()).layer)


def _vectorizer(settings: Settings, vocabulary: tuple[str, ...]) -> TextVectorization:
    for key in ("vocabulary", *_IGNORED):
        settings.value(key)
    settings.expect("split", "whitespace")
    if settings.value("split") is None:  # the whole text as one word
        settings.refuse("split")
    settings.expect("ngrams")
    settings.expect("output_mode", "int")
    settings.expect("encoding", "utf-8")
    for key in ("sparse", "ragged"):
        settings.expect(key, False)
    length = settings.value("output_sequence_length")
    return TextVectorization(
        vocabulary,
        None if length is None else settings.whole("output_sequence_length"),
        _standardize(settings),
    )


def _standardize(settings: Settings) -> Standardize:
    value = settings.value("standardize")
    known = {choice.value: choice for choice in Standardize if choice is not Standardize.NOTHING}
    if value is None:
        return Standardize.NOTHING
    found = known.get(value) if isinstance(value, str) else None
    return found if found is not None else settings.refuse("standardize")


def _vocabulary(name: str, words: object) -> tuple[str, ...]:
    """Return the words in id order; a file may leave padding and the unknown word out."""
    key = f"{name}: vocabulary"
    if isinstance(words, tuple):
        words = list(words)
    found = tuple(typed(word, str, key) for word in typed(words, list, key))
    if not found:
        raise BundleMismatch(key, "words", "none")
    if found[:2] == SPECIAL_WORDS:
        return found
    if found[0] == SPECIAL_WORDS[1]:
        return (SPECIAL_WORDS[0], *found)
    return (*SPECIAL_WORDS, *found)
