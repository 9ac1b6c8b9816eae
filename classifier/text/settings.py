"""The text part of a bundle as JSON: each step of the cleaner and the vectorizer is a flag."""

from __future__ import annotations

from dataclasses import asdict, fields, replace
from typing import Any

from classifier.documents import Document
from classifier.text.clean import Cleaner, Keep
from classifier.text.pipeline import TextPipeline
from classifier.text.vectorizer_settings import vectorizer_from_json, vectorizer_to_json

_CHOICES = {"addresses", "numbers"}


def pipeline_to_json(pipeline: TextPipeline) -> dict[str, Any]:
    """Return the content of ``text.json``."""
    return {
        "input": pipeline.input,
        "cleaner": None if pipeline.cleaner is None else asdict(pipeline.cleaner),
        "vectorizer": vectorizer_to_json(pipeline.vectorizer),
    }


def pipeline_from_json(document: Document) -> TextPipeline:
    """Return the pipeline that ``document`` describes.

    Raises:
        BundleMismatch: for a flag that is missing, unknown or of the wrong type.
    """
    cleaner = None if document.find("cleaner", dict) is None else document.child("cleaner")
    return TextPipeline(
        cleaner=None if cleaner is None else cleaner_from_json(cleaner),
        vectorizer=vectorizer_from_json(document.child("vectorizer")),
        input=document.find("input", str),
    )


def cleaner_from_json(document: Document) -> Cleaner:
    """Return the cleaner that ``document`` describes: every one of its steps, and no other.

    Raises:
        BundleMismatch: for a step that is missing, unknown or of the wrong type.
    """
    steps = {step.name for step in fields(Cleaner)}
    document.expect_only(steps)
    switches: dict[str, Any] = {name: document.get(name, bool) for name in steps - _CHOICES}
    return replace(
        Cleaner(**switches),
        addresses=document.choice("addresses", Keep),
        numbers=document.choice("numbers", Keep),
    )
