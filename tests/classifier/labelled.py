"""A labelled file to train on: invented, easily told apart, no two texts alike."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

_PLACES = ("Заозёрск", "Речной", "Ольховка", "Северный", "Липки")
_GOOD = ("открыли мост", "посадили лес", "построили школу", "починили дорогу")
_BAD = ("скидки на диваны", "кредит за минуту", "гороскоп для всех", "ставки и выигрыш")


def records(count: int = 20) -> list[dict[str, Any]]:
    """So many texts of each of four good and four bad kinds."""
    return [
        {"text": f"{_PLACES[i % 5]}-{i}: {what} {i * 7} числа", "label": label, "kind": kind,
         "licence": "made up"}
        for i in range(count)
        for label, kind, whats in ((0, "news", _GOOD), (1, "ad", _BAD))
        for what in whats
    ]  # fmt: skip


def write_lines(path: Path, rows: list[dict[str, Any]]) -> Path:
    """Write ``rows`` as JSON lines and return where."""
    path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    return path
