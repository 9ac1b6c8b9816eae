from __future__ import annotations

from collections import Counter

from classifier.training.dataset import Row
from classifier.training.split import assign_folds, group_near_duplicates

_ROWS = [
    Row(f"Известие номер {i} о событии {i * 7} в городе", int(i % 4 == 0), "ab"[i % 2])
    for i in range(200)
]


def test_copies_with_small_changes_are_one_group() -> None:
    texts = [
        "Новый мост через реку открыли сегодня утром в Заозёрске",
        "Снег выпадет на выходных во всей области",
        "Новый мост через реку открыли сегодня утром в Заозёрске, сообщил глава города",
        "Снег",
        "снег!",
    ]
    assert group_near_duplicates(texts) == [0, 1, 0, 3, 3]


def test_groups_join_through_a_common_member() -> None:
    first, second = "а б в г д е ж з и к", "л м н о п р с т у ф"
    assert group_near_duplicates([first, second, f"{first} {second}"]) == [0, 0, 0]


def test_near_duplicates_share_a_fold() -> None:
    rows = [row for i, row in enumerate(_ROWS) for row in [row] * (1 + i % 3)]
    folds = assign_folds(rows, 5, seed=1)
    assert len({(row.text, fold) for row, fold in zip(rows, folds, strict=True)}) == len(_ROWS)


def test_every_slice_and_label_is_dealt_evenly() -> None:
    folds = assign_folds(_ROWS, 5, seed=1)
    counts = Counter((row.kind, row.label, fold) for row, fold in zip(_ROWS, folds, strict=True))
    for kind, label in {(row.kind, row.label) for row in _ROWS}:
        sizes = [counts[kind, label, fold] for fold in range(5)]
        assert max(sizes) - min(sizes) <= 1


def test_the_seed_alone_decides() -> None:
    assert assign_folds(_ROWS, 5, seed=1) == assign_folds(_ROWS, 5, seed=1)
    assert assign_folds(_ROWS, 5, seed=1) != assign_folds(_ROWS, 5, seed=2)
