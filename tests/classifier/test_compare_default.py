"""The architecture of the shipped model as one among others."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from classifier import ModelBundle, load_bundle
from classifier.network import Array, GraphSpec, InputSpec, LayerSpec
from classifier.saving import write_bundle
from classifier.text import Cleaner, KerasTokenizer, TextPipeline, TextVectorization
from classifier.text.text_vectorization import SPECIAL_WORDS
from classifier.text.vectorizers import Vectorizer
from classifier.text.word_forms import SPECIAL_FORMS, WordForms
from classifier.training.balance import Balance
from classifier.training.compare.candidates import all_candidates, choose
from classifier.training.compare.clock import Clock
from classifier.training.compare.default import DefaultArchitecture
from classifier.training.compare.outcome import Comparison
from classifier.training.compare.running import compare, split
from classifier.training.initial import initial_network
from classifier.training.vocabulary import anew
from tests.classifier.compared import rows
from tests.classifier.models import bundle as small_bundle

_LENGTH, _SIZE, _WORDS = 12, 8, 60


def _convolutional(folder: Path, last: str = "sigmoid") -> Path:
    """Write a bundle of another architecture: convolutions over forms of words."""
    spec = GraphSpec(
        (InputSpec("ids", (_LENGTH,), "int"),),
        (
            LayerSpec("mask", "NotEqual", ("ids",), {"value": 0}),
            LayerSpec("read", "Embedding", ("ids",), {}, {"table": "read/table"}),
            LayerSpec(
                "pairs",
                "Conv1D",
                ("read",),
                {"padding": "same", "activation": "relu"},
                {"kernel": "pairs/kernel", "bias": "pairs/bias"},
            ),
            LayerSpec("average", "GlobalAveragePooling1D", ("pairs",), mask="mask"),
            LayerSpec(
                "score",
                "Dense",
                ("average",),
                {"activation": last},
                {"kernel": "score/kernel", "bias": "score/bias"},
            ),
        ),
        ("score",),
    )
    vocabulary = (*SPECIAL_FORMS, *(f"слово{i}" for i in range(_WORDS)))
    shapes = {
        "read/table": (len(vocabulary), _SIZE),
        "pairs/kernel": (2, _SIZE, _SIZE),
        "pairs/bias": (_SIZE,),
        "score/kernel": (_SIZE, 1),
        "score/bias": (1,),
    }
    text = TextPipeline(Cleaner(lower=False, lemmas=False), WordForms(vocabulary, _LENGTH))
    network = initial_network(spec, shapes, seed=7)
    write_bundle(ModelBundle("other", 0.5, network, text, "0" * 64), folder)
    return folder


def _scores(path: Path, *, balance: Balance = Balance.UPSAMPLE) -> Array:
    sides = split(rows(), 1, balance)
    return DefaultArchitecture(path).fit(sides.learned).score(sides.held_out)


def _compared(path: Path) -> Comparison:
    return compare(rows(), [DefaultArchitecture(path)], Clock())


def test_the_shipped_architecture_takes_part_where_nothing_is_installed_beside_newsieve() -> None:
    (shipped,) = choose(all_candidates(Clock()), ["default"])
    (result,) = compare(rows(), [shipped], Clock()).results
    assert result.name == "the default model's architecture"
    assert result.slices["overall"].auc == pytest.approx(1.0, abs=0.1)
    assert "without what the shipped model learned elsewhere" in result.notes[0]


def test_it_follows_whatever_is_shipped(tmp_path: Path) -> None:
    (result,) = _compared(_convolutional(tmp_path / "other")).results
    assert result.slices["overall"].auc == pytest.approx(1.0, abs=0.1)
    weights = _SIZE * (2 * _SIZE + 2) + 1
    assert 4 * weights < result.size < 4 * (weights + _WORDS * _SIZE) + 30 * _WORDS


@pytest.mark.parametrize("balance", Balance)
def test_the_same_lesson_gives_the_same_scores(tmp_path: Path, balance: Balance) -> None:
    folder = _convolutional(tmp_path / "other")
    first, second = (_scores(folder, balance=balance) for _ in range(2))
    np.testing.assert_array_equal(first, second)


def test_nothing_of_the_shipped_weights_and_words_takes_part(tmp_path: Path) -> None:
    """The same scores come of a bundle with other weights and other words."""
    shipped = load_bundle(_convolutional(tmp_path / "one"))
    words = (*SPECIAL_FORMS, *(f"иное{i}" for i in range(_WORDS)))
    other = replace(
        shipped,
        network=initial_network(
            shipped.network.spec,
            {name: tensor.shape for name, tensor in shipped.network.tensors.items()},
            seed=99,
        ),
        text=replace(_text(shipped), vectorizer=WordForms(words, _LENGTH)),
    )
    write_bundle(other, tmp_path / "other")
    np.testing.assert_array_equal(_scores(tmp_path / "one"), _scores(tmp_path / "other"))


def test_its_words_are_those_of_the_texts_that_are_learned_from(tmp_path: Path) -> None:
    """Words that stand in none of them are all the same to it."""
    sides = split(rows(), 1, Balance.UPSAMPLE)
    scorer = DefaultArchitecture(_convolutional(tmp_path / "other")).fit(sides.learned)
    first, second = scorer.score(replace(sides.held_out, texts=("жирафы зимой", "моржи летом")))
    assert first == second


@pytest.mark.parametrize("kind", ["words", "forms"])
def test_a_vocabulary_that_is_chosen_anew_is_no_larger_and_follows_the_texts(kind: str) -> None:
    known: Vectorizer = TextVectorization((*SPECIAL_WORDS, "старый"), 5)
    if kind == "forms":
        known = WordForms((*SPECIAL_FORMS, "старый"), 5)
    text = anew(TextPipeline(Cleaner(), known), ["новый мост"] * 5 + ["новый сад"])
    assert len(text.vectorizer.vocabulary) == len(known.vocabulary)
    assert text.vectorizer.length == 5
    assert text.ids(["новый"])[0, 0] == len(known.vocabulary) - 1
    assert text.ids(["старый мост"])[0, :2].tolist() == [1, 1]


def test_what_cannot_be_fitted_here_is_left_out_with_the_reason(tmp_path: Path) -> None:
    bundle = small_bundle()
    write_bundle(replace(bundle, text=None, parity=None), tmp_path / "no-text")
    tokens = replace(_text(bundle), vectorizer=KerasTokenizer({"мост": 2}, 5, unknown=1))
    write_bundle(replace(bundle, text=tokens, parity=None), tmp_path / "tokens")
    candidates = [
        DefaultArchitecture(_convolutional(tmp_path / "fine")),
        DefaultArchitecture(tmp_path / "no-text"),
        DefaultArchitecture(tmp_path / "tokens"),
        DefaultArchitecture(tmp_path / "nowhere"),
    ]
    comparison = compare(rows(), candidates, Clock())
    assert len(comparison.results) == 1
    first, second, third = (left.reason for left in comparison.left_out)
    assert "no text part" in first
    assert "KerasTokenizer cannot be chosen here" in second
    assert "nowhere" in third


def _text(bundle: ModelBundle) -> TextPipeline:
    assert bundle.text is not None
    return bundle.text
