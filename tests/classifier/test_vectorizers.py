from __future__ import annotations

import pytest

from classifier.errors import BundleMismatch
from classifier.text import Cleaner, TextPipeline, TextVectorization
from classifier.text.text_vectorization import Split, Standardize

_WORDS = ("", "[UNK]", "дождь", "Мост", "dont", "ab")


def test_unknown_words_are_one_and_short_rows_are_padded_at_the_end() -> None:
    vectorizer = TextVectorization(_WORDS, length=4)
    assert vectorizer.ids([["дождь", "снег"], []]).tolist() == [[2, 1, 0, 0], [0, 0, 0, 0]]


def test_long_rows_are_cut_at_the_end() -> None:
    vectorizer = TextVectorization(_WORDS, length=2)
    assert vectorizer.words("дождь снег Мост") == ["дождь", "снег"]
    assert vectorizer.ids([["дождь", "снег", "Мост"]]).tolist() == [[2, 1]]


def test_without_a_length_the_longest_row_decides() -> None:
    vectorizer = TextVectorization(_WORDS)
    assert vectorizer.ids([["дождь"], ["Мост", "Мост", "снег"]]).tolist() == [[2, 0, 0], [3, 3, 1]]
    assert vectorizer.ids([[]]).tolist() == [[0]]


def test_only_ascii_letters_are_lowered() -> None:
    lower = TextVectorization(_WORDS, standardize=Standardize.LOWER)
    assert lower.words("Мост AB") == ["Мост", "ab"]


def test_punctuation_is_replaced_by_nothing() -> None:
    strip = TextVectorization(_WORDS, standardize=Standardize.LOWER_AND_STRIP_PUNCTUATION)
    assert strip.words("Don't a-b «дождь» !") == ["dont", "ab", "«дождь»"]
    kept = TextVectorization(_WORDS, standardize=Standardize.STRIP_PUNCTUATION)
    assert kept.words("Don't") == ["Dont"]


def test_words_end_at_ascii_whitespace_only() -> None:
    text = "дождь\u00a0снег\tМост\vдождь"
    assert TextVectorization(_WORDS).words(text) == ["дождь\u00a0снег", "Мост", "дождь"]
    unicode = TextVectorization(_WORDS, split=Split.UNICODE)
    assert unicode.words(text) == text.split()


@pytest.mark.parametrize(
    ("words", "found"), [(("дождь", "Мост"), "дождь"), (("", "[UNK]", "дождь", "дождь"), "twice")]
)
def test_a_vocabulary_that_gives_wrong_ids_is_refused(words: tuple[str, ...], found: str) -> None:
    with pytest.raises(BundleMismatch, match=found):
        TextVectorization(words)


def test_only_as_many_words_are_cleaned_as_are_read() -> None:
    pipeline = TextPipeline(Cleaner(), TextVectorization(_WORDS, length=2))
    assert pipeline.words("Дожди! Мосты! Дожди!") == ["дождь", "мост"]


def test_words_that_the_vectorizer_drops_do_not_count() -> None:
    vectorizer = TextVectorization(_WORDS, 2, Standardize.STRIP_PUNCTUATION)
    pipeline = TextPipeline(Cleaner(marks=True), vectorizer)
    assert pipeline.words("! ! дождь ! мост") == ["дождь", "мост"]


def test_without_a_cleaner_the_text_is_looked_up_as_it_is() -> None:
    pipeline = TextPipeline(None, TextVectorization(_WORDS, length=3))
    assert pipeline.ids(["дождь Дождь Мост"]).tolist() == [[2, 1, 3]]
