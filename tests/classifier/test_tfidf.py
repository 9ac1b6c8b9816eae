"""TF-IDF by hand; that it is what scikit-learn does is shown by what that has recorded."""

from __future__ import annotations

import math

import numpy as np
import pytest

from classifier.text import TfIdf
from classifier.text.tfidf import Accents, Analyzer, Norm
from tests.scrapers.growth import assert_grows_with_length


def _weights(vectorizer: TfIdf, text: str) -> list[float]:
    (row,) = vectorizer.ids([vectorizer.words(text)]).tolist()
    return list(row)


def test_a_term_weighs_its_count_times_its_rarity_in_a_row_of_length_1() -> None:
    vectorizer = TfIdf(("дождь", "мост"), idf=(1.0, 2.0))
    row = _weights(vectorizer, "Мост, дождь, дождь и снег")
    assert row == pytest.approx([2 / math.sqrt(8), 2 / math.sqrt(8)])


def test_words_of_one_letter_are_none_by_default() -> None:
    assert TfIdf(("и",)).words("Дождь и 7 мостов") == ["дождь", "мостов"]


def test_stop_words_are_gone_before_words_are_joined() -> None:
    vectorizer = TfIdf(
        ("мост река",), ngrams=(2, 2), stop_words=frozenset({"через"}), norm=Norm.NONE
    )
    assert _weights(vectorizer, "мост через река") == [1]


def test_counts_may_be_cut_or_bent() -> None:
    text = "да да да да"
    plain = TfIdf(("да",), norm=Norm.NONE)
    assert _weights(plain, text) == [4]
    assert _weights(TfIdf(("да",), binary=True, norm=Norm.NONE), text) == [1]
    bent = TfIdf(("да",), sublinear=True, norm=Norm.NONE)
    assert _weights(bent, text) == pytest.approx([1 + math.log(4)])


def test_the_sum_of_a_row_may_be_1() -> None:
    assert _weights(TfIdf(("да", "нет"), norm=Norm.L1), "да да да нет") == [0.75, 0.25]


def test_a_row_without_any_term_is_all_zeros() -> None:
    vectorizer = TfIdf(("да", "нет"))
    assert vectorizer.ids([[], ["снег"]]).tolist() == [[0, 0], [0, 0]]
    assert vectorizer.ids([]).shape == (0, 2)


def test_characters_may_be_terms_across_words_or_within_them() -> None:
    across = TfIdf(("а б",), analyzer=Analyzer.CHAR, ngrams=(3, 3), norm=Norm.NONE)
    assert _weights(across, "ма \t бу") == [1]
    within = TfIdf((" ма", "а "), analyzer=Analyzer.CHAR_WB, ngrams=(2, 3), norm=Norm.NONE)
    assert _weights(within, "ма бу ма") == [2, 2]


def test_accents_may_go() -> None:
    words = {accents: TfIdf(("а",), accents=accents).words("Ёж été") for accents in Accents}
    assert words == {
        Accents.KEEP: ["ёж", "été"],
        Accents.UNICODE: ["еж", "ete"],
        Accents.ASCII: ["ete"],
    }


@pytest.mark.parametrize("accents", [Accents.ASCII, Accents.UNICODE])
def test_heaps_of_accents_go_in_time_that_grows_with_their_number(accents: Accents) -> None:
    vectorizer = TfIdf(("а",), accents=accents)
    text = "е" + "\u0301\u0316" * 30_000
    assert_grows_with_length(lambda count: vectorizer.words(text[:count]), 30_000)
    assert vectorizer.words("e" + "\u0301\u0316" * 1000 + "te") == ["ete"]


def test_terms_of_absurd_length_cost_nothing() -> None:
    vectorizer = TfIdf(("да",), ngrams=(1, 10**9), norm=Norm.NONE)
    assert _weights(vectorizer, "да нет да") == [2]
    assert np.isfinite(vectorizer.ids([["да"] * 3])).all()
