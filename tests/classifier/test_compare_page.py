from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser

import numpy as np
import pytest

from classifier.training.compare.clock import Clock
from classifier.training.compare.figures import share
from classifier.training.compare.mistakes import Confusion, confusion, false_alarms, misses
from classifier.training.compare.outcome import Comparison
from classifier.training.compare.page import draw_curve, render
from classifier.training.compare.running import compare
from classifier.training.dataset import Row
from classifier.training.ranking import Curve
from tests.classifier.compared import Absent, WordSpotter, rows

_HOSTILE = '<script>alert("1")</script> кредит & "диваны" </details><img src=x onerror=alert(1)>'


class _Tags(HTMLParser):
    """The tags of a page, and its text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: set[str] = set()
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes |= {name for name, _ in attrs}

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.fixture(scope="module")
def comparison() -> Comparison:
    spotter = WordSpotter(words=("скидки", "мост"), notes=("a <note>",))
    candidates = [spotter, WordSpotter(name="second <b>"), Absent()]
    return compare(rows(), candidates, Clock(), data="news <1>.jsonl")


def test_the_page_shows_every_candidate_with_its_figures(comparison: Comparison) -> None:
    text = _Tags(render(comparison)).text
    for result in comparison.results:
        whole = result.slices["overall"]
        assert result.name in text
        for value in (whole.called.f1, whole.auc, whole.average_precision):
            assert value is not None
            assert f"{value:.3f}" in text
    assert "needs newsieve[encoder]" in text
    assert "a <note>" in text
    assert "news <1>.jsonl" in text


def test_texts_of_others_are_shown_and_never_run(comparison: Comparison) -> None:
    result = comparison.results[0]
    held_out = (Row(_HOSTILE, 0, "<b>kind"), *comparison.held_out[1:])
    scores = np.concatenate([[0.99], result.scores[1:]])
    slices = {"<i>slice": result.slices["ad"], **result.slices}
    hostile = replace(
        comparison,
        data="</title><script>x</script>",
        held_out=held_out,
        results=(replace(result, scores=scores, slices=slices),),
        warnings=(_HOSTILE,),
    )
    page = _Tags(render(hostile))
    assert {"script", "img"}.isdisjoint(page.tags)
    assert "onerror" not in page.attributes
    assert 'кредит & "диваны"' in page.text
    assert "<b>kind" in page.text
    assert "<i>slice" in page.text


def test_the_page_needs_no_other_file(comparison: Comparison) -> None:
    page = render(comparison)
    assert not re.search(r"(src|href)\s*=|url\(|@import|https?:", page)
    assert "default-src 'none'" in page


def test_long_texts_are_cut(comparison: Comparison) -> None:
    long = "мост " * 1000
    held_out = (Row(long, 0), *comparison.held_out[1:])
    scores = np.concatenate([[0.99], comparison.results[0].scores[1:]])
    result = replace(comparison.results[0], scores=scores)
    page = render(replace(comparison, held_out=held_out, results=(result,)))
    assert "мост…" in page
    assert "мост " * 100 not in page


def test_a_slice_with_one_label_shows_the_measure_that_it_has(comparison: Comparison) -> None:
    text = " ".join(_Tags(render(comparison)).text.split())
    assert "adrecall4 of 4 bad" in text
    assert "newsF12 of 14 bad" in text


def test_every_measure_of_every_kind_is_shown(comparison: Comparison) -> None:
    text = " ".join(_Tags(render(comparison)).text.split())
    shown = text.split("news: every measure")[1].split("Precision and recall")[0]
    for result in comparison.results:
        of = result.slices["news"]
        called = of.called
        measures = (called.f1, called.precision, called.recall, called.false_alarms)
        figures = (share(value) for value in (*measures, of.auc, of.average_precision))
        assert "".join((result.name, *figures)) in shown.replace(" –", "–").replace(" 0.", "0.")


def test_one_candidate_and_one_kind_make_a_page_too() -> None:
    data = [replace(row, kind="all") for row in rows()]
    page = render(compare(data, [WordSpotter()], Clock(), data="news.jsonl"))
    assert "By kind of text" not in page
    assert "The grey line" not in page


def test_a_curve_runs_from_the_upper_left_to_the_share_of_bad_texts() -> None:
    curve = Curve(np.array([0.5, 0.5, 0.5, 1.0]), np.array([1.0, 0.5, 0.5, 0.5]))
    assert draw_curve(curve) == "M160.0 0.0 L160.0 120.0 L320.0 120.0"


def test_the_most_confident_mistakes_come_first() -> None:
    labels, scores = [0, 0, 0, 1, 1, 1], np.array([0.6, 0.9, 0.5, 0.4, 0.1, 0.7])
    made = [Row(str(i), label) for i, label in enumerate(labels)]
    assert [(m.row.text, m.score) for m in false_alarms(made, scores, 5)] == [
        ("1", 0.9),
        ("0", 0.6),
    ]
    assert [m.row.text for m in misses(made, scores, 5)] == ["4", "3"]
    assert [m.row.text for m in misses(made, scores, 1)] == ["4"]
    assert confusion(made, scores) == Confusion(1, 2, 2, 1)
