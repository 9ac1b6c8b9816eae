"""Models from elsewhere → ModelBundle."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from classifier.importers.weights_json import import_weights_json

if TYPE_CHECKING:
    from classifier.importers.keras import import_keras
    from classifier.importers.sklearn import import_sklearn
    from classifier.importers.text_dump import import_text_dump
    from classifier.importers.text_spec import import_text
    from classifier.importers.tokenizers import import_tokenizer
    from classifier.importers.torch import import_torch

__all__ = [
    "import_keras",
    "import_sklearn",
    "import_text",
    "import_text_dump",
    "import_tokenizer",
    "import_torch",
    "import_weights_json",
]

# Whoever scores loads none of these.
_ON_DEMAND = {
    "import_keras": "classifier.importers.keras",
    "import_sklearn": "classifier.importers.sklearn",
    "import_text": "classifier.importers.text_spec",
    "import_text_dump": "classifier.importers.text_dump",
    "import_tokenizer": "classifier.importers.tokenizers",
    "import_torch": "classifier.importers.torch",
}


def __getattr__(name: str) -> Any:
    if name not in _ON_DEMAND:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_ON_DEMAND[name]), name)
