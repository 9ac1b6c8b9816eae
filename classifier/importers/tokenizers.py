"""The text part of a model that was trained with a Keras ``Tokenizer`` and ``pad_sequences``.

Two kinds of files hold it. ``Tokenizer.to_json()`` writes all flags, with the dictionaries
as JSON strings inside the JSON. Other programs keep the ``word_index`` alone, as a plain
JSON object, and read every unknown word as 1.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from classifier.bundle import read_file
from classifier.documents import Document, parse_json, typed
from classifier.errors import BundleMismatch
from classifier.network import Network
from classifier.text import Cleaner, KerasTokenizer, TextPipeline
from classifier.text.keras_tokenizer import FILTERS, Side

_INDEX = "word_index"
_FLAGS = ("num_words", "filters", "lower", "split", "char_level", "oov_token", _INDEX)
_COUNTS = ("document_count", "word_counts", "word_docs", "index_docs", "index_word")


@dataclass(frozen=True, slots=True)
class Reading:
    """How a text is read that is looked up in a plain dictionary, which does not say.

    Attributes:
        unknown: id of every unknown word; None: they are left out.
        num_words: words with this id or above are unknown; None: all are known.
        filters: characters that separate words as ``split`` does.
        lower: lower-case, of every script.
        split: what stands between two words.
        char_level: every character is a word; nothing is filtered.
    """

    unknown: int | None = 1
    num_words: int | None = None
    filters: str = FILTERS
    lower: bool = True
    split: str = " "
    char_level: bool = False


def import_tokenizer(
    path: str | Path,
    *,
    maxlen: int | None = None,
    padding: str = "pre",
    truncating: str = "pre",
    value: int = 0,
    cleaner: Cleaner | None = None,
    reading: Reading | None = None,
) -> TextPipeline:
    """Return the text part that a tokenizer's file and the settings of ``pad_sequences`` make.

    Args:
        path: what ``Tokenizer.to_json()`` gave, or a plain dictionary of word → id.
        maxlen: ids a row; None: as many as the network takes, or the longest row has.
        padding: ``pre`` or ``post``: where short rows are filled up.
        truncating: ``pre`` or ``post``: where long rows are cut.
        value: the id that fills them up.
        cleaner: what is done to a raw text before; None: the tokenizer is given it as it is.
        reading: how a text is read that is looked up in a plain dictionary; None: as a
            ``Tokenizer`` reads it that was given no settings.

    Raises:
        BundleMissing: if the file is not there.
        BundleMismatch: naming the flag that is missing, unknown or does not fit.
    """
    path = Path(path)
    document = Document.of(_parsed(read_file(path), path.name), path.name)
    rows = KerasTokenizer(
        {}, maxlen, padding=_side("padding", padding), truncating=_side("truncating", truncating),
        value=value,
    )  # fmt: skip
    if _is_tokenizer(document):
        if reading is not None:
            raise BundleMismatch(f"{path.name}: config", "a plain dictionary", "its own flags")
        return TextPipeline(cleaner, _tokenizer(document.child("config"), rows))
    return TextPipeline(cleaner, _dictionary(document, rows, reading or Reading()))


def fitted_to(text: TextPipeline, network: Network) -> TextPipeline:
    """Return ``text`` with what it leaves open set to what ``network`` takes.

    That is the length of a row, and which of several inputs takes the ids: the only one that
    takes whole numbers.
    """
    inputs = [given for given in network.spec.inputs if text.input in (None, given.name)]
    if len(inputs) > 1:
        inputs = [given for given in inputs if given.dtype == "int"]
    if len(inputs) != 1:
        return text
    vectorizer, shape = text.vectorizer, inputs[0].shape
    if isinstance(vectorizer, KerasTokenizer) and vectorizer.length is None and len(shape) == 1:
        vectorizer = replace(vectorizer, length=shape[0])
    name = inputs[0].name if len(network.spec.inputs) > 1 else text.input
    return replace(text, vectorizer=vectorizer, input=name)


def _parsed(data: bytes, key: str) -> object:
    """``json.dump(tokenizer.to_json(), file)`` writes a string that holds the JSON."""
    parsed = parse_json(data, key)
    return parse_json(parsed.encode(), key) if isinstance(parsed, str) else parsed


def _is_tokenizer(document: Document) -> bool:
    return isinstance(document.fields.get("config"), dict)


def _tokenizer(config: Document, rows: KerasTokenizer) -> KerasTokenizer:
    config.expect_only({*_FLAGS, *_COUNTS})
    word_index = _word_index(config)
    return replace(
        rows,
        word_index=word_index,
        num_words=config.find("num_words", int),
        filters=config.find("filters", str) or "",
        lower=config.get("lower", bool),
        split=config.get("split", str),
        char_level=config.get("char_level", bool),
        unknown=_unknown(config, word_index),
    )


def _unknown(config: Document, word_index: dict[str, int]) -> int | None:
    if (token := config.find("oov_token", str)) is None:
        return None
    if token not in word_index:
        raise BundleMismatch(f"{config.key}: oov_token", "a word of the word_index", repr(token))
    return word_index[token]


def _dictionary(document: Document, rows: KerasTokenizer, reading: Reading) -> KerasTokenizer:
    inside = isinstance(document.fields.get(_INDEX), dict | str)
    word_index = _word_index(
        document if inside else Document(document.key, {_INDEX: document.fields})
    )
    return replace(
        rows,
        word_index=word_index,
        unknown=reading.unknown,
        num_words=reading.num_words,
        filters=reading.filters,
        lower=reading.lower,
        split=reading.split,
        char_level=reading.char_level,
    )


def _word_index(document: Document) -> dict[str, int]:
    key = f"{document.key}: {_INDEX}"
    found = document.fields.get(_INDEX)
    words = Document.of(parse_json(found.encode(), key) if isinstance(found, str) else found, key)
    ids = {word: typed(value, int, f"{key}: {word}") for word, value in words.fields.items()}
    if negative := next((word for word, i in ids.items() if i < 0), None):
        raise BundleMismatch(f"{key}: {negative}", "an id from 0 on", ids[negative])
    return ids


def _side(name: str, value: str) -> Side:
    return Document(name, {name: value}).choice(name, Side)
