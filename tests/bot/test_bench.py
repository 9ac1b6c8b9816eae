from __future__ import annotations

import gzip
import io
import json
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
from rich.console import Console

from bot.bench.chart import draw
from bot.bench.classifier import measure_network, measure_texts
from bot.bench.figures import Amount, Figure, Ratio, from_json, to_json
from bot.bench.one_hot import OneHotNetwork, OneHotWay
from bot.bench.table import duration, tables, times
from bot.bench.texts import read_texts
from bot.bench.timing import fastest
from bot.errors import BotError
from classifier import Classifier, ModelBundle, article_bundle_path, load_bundle
from classifier.network import Array

STORIES = (
    "В городе открыли новый мост.\nПо мосту, который строили 3 года, пошли первые пешеходы!",
    "Дети посадили 120 деревьев у школы — «лучший двор» района, говорят жители.",
    "Ещё одна скидка: 50% до 1 мая!",
    "Дождь, дождь и ещё раз дождь… " * 40,
)
FIGURES = (
    Ratio("network only", "one-hot rows", 5e-7, 5e-3, least=3_000),
    Ratio("network only", "another runtime", 2e-6, 1e-6, least=1),
    Ratio("network only", "for interest", 2e-6, 3e-6),
    Amount("one text", 0.05, "s", most=0.1),
    Amount("one text", 200, "MB", most=120),
)


@pytest.fixture(scope="module")
def bundle() -> ModelBundle:
    return load_bundle(article_bundle_path())


def test_the_one_hot_way_gives_the_same_scores(bundle: ModelBundle) -> None:
    way = OneHotWay.of(bundle)
    found = [way.score(text) for text in STORIES]
    expected = [score.value for score in Classifier(bundle).score(STORIES)]
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-6)


def test_the_one_hot_network_gives_the_same_scores(bundle: ModelBundle) -> None:
    ids = np.random.default_rng(2).integers(0, 1000, (5, 100))
    found = [OneHotNetwork.of(bundle).score(row) for row in ids]
    np.testing.assert_allclose(found, bundle.network(ids)[:, 0], rtol=0, atol=1e-6)


def test_the_network_is_measured_beside_the_one_hot_way(bundle: ModelBundle) -> None:
    one_hot, unfolded = measure_network(bundle)
    assert one_hot.value > unfolded.value > 1


def test_another_runtime_is_measured_if_it_gives_the_same_scores(bundle: ModelBundle) -> None:
    def run(ids: Array) -> Array:
        scores: Array = bundle.network(ids)[:, 0]
        return scores

    *_, told = measure_network(bundle, [("another", run)])
    assert (told.way, told.value > 1) == ("another", True)
    with pytest.raises(ValueError, match="wrong: differs"):
        list(measure_network(bundle, [("wrong", lambda ids: run(ids) + 0.1)]))


def test_remembered_texts_are_faster_than_new_ones_and_both_than_the_one_hot_way(
    bundle: ModelBundle,
) -> None:
    warm, cold, _ = measure_texts(bundle, STORIES)
    assert warm.value > cold.value > 1


def test_a_figure_survives_its_json() -> None:
    for figure in FIGURES:
        assert from_json(json.loads(json.dumps(to_json(figure)))) == figure


def test_an_aim_is_met_or_not() -> None:
    assert [figure.met for figure in FIGURES] == [True, False, None, True, False]


def test_tables_show_every_figure() -> None:
    console = Console(width=160, record=True, file=io.StringIO())
    for table in tables(FIGURES):
        console.print(table)
    shown = console.export_text()
    for expected in ("10,000 ×", "3,000 ×", "0.5 ×", "500 ns", "5 ms", "200 MB", "at most 0.1 s"):
        assert expected in shown


@pytest.mark.parametrize(
    ("seconds", "told"),
    [(12.345, "12.3 s"), (0.0123, "12.3 ms"), (2e-5, "20 µs"), (4.2e-7, "420 ns")],
)
def test_a_duration_has_the_unit_that_fits(seconds: float, told: str) -> None:
    assert duration(seconds) == told


def test_small_ratios_keep_a_decimal() -> None:
    assert [times(ratio) for ratio in (0.51, 9.94, 10.2, 12345)] == ["0.5", "9.9", "10", "12,345"]


def test_the_fastest_of_several_runs_counts_for_each_way() -> None:
    found = fastest({"short": lambda: sum(range(10)), "long": lambda: sum(range(100_000))})
    assert 0 < found["short"] < found["long"]


def test_texts_are_read_with_their_titles(tmp_path: Path) -> None:
    lines = '{"title": "Мост открыт", "text": "Он новый."}\n\n{"text": "Без названия"}\n'
    (tmp_path / "texts.jsonl").write_text(lines, encoding="utf-8")
    (tmp_path / "texts.jsonl.gz").write_bytes(gzip.compress(lines.encode()))
    for name in ("texts.jsonl", "texts.jsonl.gz"):
        assert read_texts(tmp_path / name) == ["Мост открыт\nОн новый.", "Без названия"]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("absent.jsonl", None),
        ("empty.jsonl", b"\n"),
        ("words.jsonl", b"no json"),
        ("list.jsonl", b"[1]"),
        ("untold.jsonl", b'{"title": "a"}'),
        ("number.jsonl", b'{"text": 5}'),
        ("bytes.jsonl", b'{"text": "\xff"}'),
        ("plain.jsonl.gz", b'{"text": "a"}'),
        ("cut.jsonl.gz", gzip.compress(b'{"text": "a"}' * 100, mtime=0)[:30]),
    ],
)
def test_a_file_without_texts_is_one_clear_error(
    tmp_path: Path, name: str, content: bytes | None
) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(BotError, match=name):
        read_texts(tmp_path / name)


def test_ratios_are_drawn(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    figures: tuple[Figure, ...] = FIGURES
    draw(figures, tmp_path / "chart.png")
    assert (tmp_path / "chart.png").read_bytes().startswith(b"\x89PNG")
    with pytest.raises(BotError, match="chart"):
        draw(figures, tmp_path / "chart.words")


@pytest.mark.skipif(find_spec("matplotlib") is not None, reason="matplotlib is there")
def test_without_matplotlib_a_chart_says_what_it_needs(tmp_path: Path) -> None:
    with pytest.raises(BotError, match=r"newsieve\[bench\]"):
        draw(FIGURES, tmp_path / "chart.png")
