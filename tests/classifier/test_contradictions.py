from __future__ import annotations

from classifier.training.contradictions import Contradiction, find_contradictions
from classifier.training.dataset import Row


def test_a_text_with_both_labels_is_found_with_its_rows() -> None:
    rows = [
        Row("Гороскоп на пятницу", 1),
        Row("Мост открыт", 0),
        Row("гороскоп  на\nпятницу", 0),
        Row("Мост открыт", 0),
        Row("Гороскоп на пятницу", 1),
    ]
    assert find_contradictions(rows) == [Contradiction("Гороскоп на пятницу", (3,), (1, 5))]


def test_copies_with_the_same_label_do_not_contradict() -> None:
    assert find_contradictions([Row("Мост", 0), Row("Мост", 0), Row("Купи", 1)]) == []
