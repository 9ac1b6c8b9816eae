"""Vectorizers as JSON: each of their flags, by the kind of the vectorizer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from classifier.documents import Document
from classifier.errors import BundleMismatch
from classifier.text.keras_tokenizer import KerasTokenizer, Side
from classifier.text.text_vectorization import Split, Standardize, TextVectorization
from classifier.text.tfidf import Accents, Analyzer, Norm, TfIdf
from classifier.text.vectorizers import Vectorizer
from classifier.text.word_forms import WordForms


def vectorizer_to_json(vectorizer: Vectorizer) -> dict[str, Any]:
    """Return the flags of ``vectorizer``, its kind among them.

    Raises:
        TypeError: if it is of none of the kinds that a bundle can hold.
    """
    if isinstance(vectorizer, TextVectorization):
        return {"kind": "text_vectorization", **_text_vectorization_to_json(vectorizer)}
    if isinstance(vectorizer, KerasTokenizer):
        return {"kind": "keras_tokenizer", **_keras_tokenizer_to_json(vectorizer)}
    if isinstance(vectorizer, TfIdf):
        return {"kind": "tfidf", **tfidf_to_json(vectorizer)}
    if isinstance(vectorizer, WordForms):
        return {"kind": "word_forms", **_word_forms_to_json(vectorizer)}
    raise TypeError(f"no bundle can hold a {type(vectorizer).__name__}")


def vectorizer_from_json(document: Document) -> Vectorizer:
    """Return the vectorizer that ``document`` describes.

    Raises:
        BundleMismatch: for a kind that is not known, and for a flag that is missing, unknown,
            of the wrong type, or does not fit the others.
    """
    if (kind := document.get("kind", str)) not in _READERS:
        raise BundleMismatch(f"{document.key}: kind", f"one of {', '.join(_READERS)}", kind)
    flags = {name: value for name, value in document.fields.items() if name != "kind"}
    return _READERS[kind](Document(document.key, flags))


def _text_vectorization_to_json(vectorizer: TextVectorization) -> dict[str, Any]:
    return {
        "length": vectorizer.length,
        "standardize": vectorizer.standardize,
        "split": vectorizer.split,
        "vocabulary": list(vectorizer.vocabulary),
    }


def _text_vectorization(document: Document) -> TextVectorization:
    document.expect_only({"length", "standardize", "split", "vocabulary"})
    return TextVectorization(
        vocabulary=document.strings("vocabulary"),
        length=document.find("length", int),
        standardize=document.choice("standardize", Standardize),
        split=document.choice("split", Split),
    )


def _keras_tokenizer_to_json(vectorizer: KerasTokenizer) -> dict[str, Any]:
    return {
        "length": vectorizer.length,
        "padding": vectorizer.padding,
        "truncating": vectorizer.truncating,
        "value": vectorizer.value,
        "num_words": vectorizer.num_words,
        "unknown": vectorizer.unknown,
        "filters": vectorizer.filters,
        "lower": vectorizer.lower,
        "split": vectorizer.split,
        "char_level": vectorizer.char_level,
        "word_index": dict(vectorizer.word_index),
    }


def _keras_tokenizer(document: Document) -> KerasTokenizer:
    document.expect_only(_keras_tokenizer_to_json(KerasTokenizer({})).keys())
    return KerasTokenizer(
        word_index=document.numbers("word_index", int),
        length=document.find("length", int),
        unknown=document.find("unknown", int),
        num_words=document.find("num_words", int),
        filters=document.get("filters", str),
        lower=document.get("lower", bool),
        split=document.get("split", str),
        char_level=document.get("char_level", bool),
        padding=document.choice("padding", Side),
        truncating=document.choice("truncating", Side),
        value=document.get("value", int),
    )


def tfidf_to_json(vectorizer: TfIdf) -> dict[str, Any]:
    """Return the flags of ``vectorizer``."""
    return {
        "analyzer": vectorizer.analyzer,
        "ngrams": list(vectorizer.ngrams),
        "lower": vectorizer.lower,
        "accents": vectorizer.accents,
        "token_pattern": vectorizer.token_pattern,
        "stop_words": sorted(vectorizer.stop_words),
        "binary": vectorizer.binary,
        "sublinear": vectorizer.sublinear,
        "norm": vectorizer.norm,
        "vocabulary": list(vectorizer.vocabulary),
        "idf": None if vectorizer.idf is None else list(vectorizer.idf),
    }


def tfidf_from_json(document: Document) -> TfIdf:
    """Return the vectorizer with the flags in ``document``.

    Raises:
        BundleMismatch: for a flag that is missing, unknown, or does not fit.
    """
    document.expect_only(tfidf_to_json(TfIdf(("",))).keys())
    ngrams = document.values("ngrams", int)
    if len(ngrams) != 2:
        raise BundleMismatch(f"{document.key}: ngrams", "two whole numbers", list(ngrams))
    return TfIdf(
        vocabulary=document.strings("vocabulary"),
        idf=None if document.find("idf", list) is None else document.values("idf", float),
        analyzer=document.choice("analyzer", Analyzer),
        ngrams=(ngrams[0], ngrams[1]),
        lower=document.get("lower", bool),
        accents=document.choice("accents", Accents),
        token_pattern=document.get("token_pattern", str),
        stop_words=frozenset(document.strings("stop_words")),
        binary=document.get("binary", bool),
        sublinear=document.get("sublinear", bool),
        norm=document.choice("norm", Norm),
    )


def _word_forms_to_json(vectorizer: WordForms) -> dict[str, Any]:
    return {"length": vectorizer.length, "vocabulary": list(vectorizer.vocabulary)}


def _word_forms(document: Document) -> WordForms:
    document.expect_only({"length", "vocabulary"})
    return WordForms(vocabulary=document.strings("vocabulary"), length=document.get("length", int))


_READERS: Mapping[str, Callable[[Document], Vectorizer]] = {
    "text_vectorization": _text_vectorization,
    "keras_tokenizer": _keras_tokenizer,
    "tfidf": tfidf_from_json,
    "word_forms": _word_forms,
}
