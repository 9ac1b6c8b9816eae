"""The text part of a bundle as JSON: each step of the cleaner and the vectorizer is a flag."""

from __future__ import annotations

from dataclasses import asdict, fields, replace
from enum import Enum
from typing import Any, TypeVar

from classifier.documents import Document
from classifier.errors import BundleMismatch
from classifier.text.clean import Cleaner, Keep
from classifier.text.pipeline import TextPipeline
from classifier.text.vectorizers import Split, Standardize, TextVectorization

_Choice = TypeVar("_Choice", bound=Enum)
_VECTORIZER = "text_vectorization"
_CHOICES = {"addresses", "numbers"}


def pipeline_to_json(pipeline: TextPipeline) -> dict[str, Any]:
    """Return the content of ``text.json``."""
    vectorizer = pipeline.vectorizer
    return {
        "input": pipeline.input,
        "cleaner": None if pipeline.cleaner is None else asdict(pipeline.cleaner),
        "vectorizer": {
            "kind": _VECTORIZER,
            "length": vectorizer.length,
            "standardize": vectorizer.standardize,
            "split": vectorizer.split,
            "vocabulary": list(vectorizer.vocabulary),
        },
    }


def pipeline_from_json(document: Document) -> TextPipeline:
    """Return the pipeline that ``document`` describes.

    Raises:
        BundleMismatch: for a flag that is missing, unknown or of the wrong type.
    """
    cleaner = None if document.find("cleaner", dict) is None else document.child("cleaner")
    return TextPipeline(
        cleaner=None if cleaner is None else _cleaner(cleaner),
        vectorizer=_vectorizer(document.child("vectorizer")),
        input=document.find("input", str),
    )


def _cleaner(document: Document) -> Cleaner:
    flags = {flag.name for flag in fields(Cleaner)}
    for unknown in document.fields.keys() - flags:
        raise BundleMismatch(f"{document.key}: {unknown}", "a known step", "an unknown one")
    switches: dict[str, Any] = {name: document.get(name, bool) for name in flags - _CHOICES}
    return replace(
        Cleaner(**switches),
        addresses=_choice(document, "addresses", Keep),
        numbers=_choice(document, "numbers", Keep),
    )


def _vectorizer(document: Document) -> TextVectorization:
    if (kind := document.get("kind", str)) != _VECTORIZER:
        raise BundleMismatch(f"{document.key}: kind", _VECTORIZER, kind)
    length = document.find("length", int)
    if length is not None and length < 1:
        raise BundleMismatch(f"{document.key}: length", "at least 1", length)
    return TextVectorization(
        vocabulary=document.strings("vocabulary"),
        length=length,
        standardize=_choice(document, "standardize", Standardize),
        split=_choice(document, "split", Split),
    )


def _choice(document: Document, name: str, choices: type[_Choice]) -> _Choice:
    value = document.get(name, str)
    try:
        return choices(value)
    except ValueError:
        known = ", ".join(choice.value for choice in choices)
        raise BundleMismatch(f"{document.key}: {name}", f"one of {known}", value) from None
