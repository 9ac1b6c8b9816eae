"""What a caller gives as text may be anything: what is none is named."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from classifier.errors import BundleMismatch


def expect_texts(given: object) -> None:
    """See that ``given`` is a list of texts.

    Raises:
        BundleMismatch: naming the first that is none, by its index, and what it is.
    """
    if isinstance(given, (str, bytes)) or not isinstance(given, (Sequence, np.ndarray)):
        raise BundleMismatch("texts", "a list of texts", _kind(given))
    for i, text in enumerate(given):
        if not isinstance(text, str):
            raise BundleMismatch(f"texts[{i}]", "a text", _kind(text))


def expect_text(given: object) -> None:
    """See that ``given`` is a text.

    Raises:
        BundleMismatch: naming what it is.
    """
    if not isinstance(given, str):
        raise BundleMismatch("text", "a text", _kind(given))


def _kind(given: object) -> str:
    return "one text" if isinstance(given, str) else type(given).__name__
