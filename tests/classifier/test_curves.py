from __future__ import annotations

import math
from pathlib import Path
from xml.etree import ElementTree

import pytest

from classifier.errors import ModelError
from classifier.training.curves import curves_svg, draw_curves
from classifier.training.fit import Epoch

_SVG = "{http://www.w3.org/2000/svg}"


def _history(epochs: int, *, held_out: bool = True) -> list[Epoch]:
    """The loss falls; on held-out rows it is lowest after a third of the epochs."""
    return [
        Epoch(math.exp(-i / 9), 0.4 + abs(i - epochs // 3) / 50 if held_out else None, 1.0)
        for i in range(epochs)
    ]


def _curves(svg: str) -> list[list[tuple[float, float]]]:
    lines = ElementTree.fromstring(svg).iter(f"{_SVG}polyline")
    points = (line.attrib["points"].split() for line in lines)
    return [[(float(x), float(y)) for x, _, y in (p.partition(",") for p in one)] for one in points]


def _texts(svg: str) -> list[str]:
    return [text.text or "" for text in ElementTree.fromstring(svg).iter(f"{_SVG}text")]


def test_both_curves_are_drawn_within_the_picture_and_the_best_epoch_is_named() -> None:
    svg = curves_svg(_history(16))
    learned, held_out = _curves(svg)
    assert len(learned) == len(held_out) == 16
    assert all(0 < x < 720 and 0 < y < 400 for x, y in learned + held_out)
    assert learned == sorted(learned)  # to the right, and down: y counts from the top
    assert [y for _, y in learned] == sorted(y for _, y in learned)
    assert held_out.index(max(held_out, key=lambda place: place[1])) == 5
    assert "best: 0.4000, epoch 6" in _texts(svg)


def test_without_held_out_rows_there_is_one_curve() -> None:
    svg = curves_svg(_history(16, held_out=False))
    assert len(_curves(svg)) == 1
    assert not any("held out" in text or "best" in text for text in _texts(svg))


@pytest.mark.parametrize("epochs", [1, 2, 39, 1000])
def test_any_number_of_epochs_has_few_round_marks(epochs: int) -> None:
    texts = [text for text in _texts(curves_svg(_history(epochs))) if text.isdecimal()]
    assert 0 < len(texts) <= 30


@pytest.mark.parametrize("losses", [[0.5, 0.5], [0.0, 0.0], [1e-9, 3e-9], [4e5, 1.0]])
def test_losses_of_any_size_fit(losses: list[float]) -> None:
    ((first, last),) = _curves(curves_svg([Epoch(loss, None, 1.0) for loss in losses]))
    assert 48 <= first[1] <= 344
    assert 48 <= last[1] <= 344


def test_the_picture_is_written_to_a_file_or_the_path_is_named(tmp_path: Path) -> None:
    draw_curves(_history(3), tmp_path / "curves.svg")
    assert (tmp_path / "curves.svg").read_text(encoding="utf-8") == curves_svg(_history(3))
    with pytest.raises(ModelError, match="nowhere"):
        draw_curves(_history(3), tmp_path / "nowhere" / "curves.svg")
