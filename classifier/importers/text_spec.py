"""The ``text`` table of a spec file: how a tokenizer's file is used for this network."""

from __future__ import annotations

from dataclasses import asdict, fields, replace
from pathlib import Path
from typing import Any

from classifier.documents import Document
from classifier.importers.architecture import read_architecture
from classifier.importers.tokenizers import Reading, import_tokenizer
from classifier.text import Cleaner, TextPipeline
from classifier.text.settings import cleaner_from_json

_KEYS = {"maxlen", "padding", "truncating", "value", "input", "cleaner", "dictionary"}
_DROP = "drop_unknown"


def import_text(tokenizer: str | Path, spec: str | Path) -> TextPipeline:
    """Return the text part that a tokenizer's file and the spec file of a network make.

    The table may have ``maxlen``, ``padding``, ``truncating`` and ``value`` of
    ``pad_sequences``, the ``input`` that takes the ids, a table ``cleaner`` with those steps
    that are not as usual, and a table ``dictionary`` for a plain one: see ``Reading``. All are
    optional, and so is the whole table.

    Raises:
        BundleMissing: if a file is not there.
        BundleMismatch: naming what is unknown or of the wrong type.
    """
    table = read_architecture(spec).text or Document(f"{Path(spec).name}: text", {})
    table.expect_only(_KEYS)
    text = import_tokenizer(
        tokenizer,
        maxlen=table.find("maxlen", int),
        padding=table.find("padding", str) or "pre",
        truncating=table.find("truncating", str) or "pre",
        value=table.find("value", int) or 0,
        cleaner=_cleaner(table.child("cleaner")) if "cleaner" in table.fields else None,
        reading=_reading(table.child("dictionary")) if "dictionary" in table.fields else None,
    )
    return replace(text, input=table.find("input", str))


def _cleaner(table: Document) -> Cleaner:
    return cleaner_from_json(Document(table.key, {**asdict(Cleaner()), **table.fields}))


def _reading(table: Document) -> Reading:
    kinds = {"unknown": int, "num_words": int, "filters": str, "lower": bool, "split": str,
             "char_level": bool}  # fmt: skip
    table.expect_only({_DROP, *(flag.name for flag in fields(Reading))})
    said: dict[str, Any] = {
        name: table.get(name, kind) for name, kind in kinds.items() if name in table.fields
    }
    dropped: dict[str, Any] = {"unknown": None} if table.find(_DROP, bool) else {}
    return Reading(**{**said, **dropped})
