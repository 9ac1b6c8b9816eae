from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from classifier import (
    BundleMismatch,
    Classifier,
    ModelError,
    article_bundle_path,
    default_bundle_path,
    load_bundle,
)
from classifier.bundle import ModelBundle
from classifier.explain import Push, explain
from classifier.network import Array, GraphSpec, InputSpec, LayerSpec, Network
from classifier.text import KerasTokenizer, TextPipeline, TextVectorization, TfIdf
from tests.classifier import models

TEXT = "дождь, мост! скидка"


def _log_odds(score: float) -> float:
    return math.log(score / (1 - score))


def _with_network(spec: GraphSpec, tensors: dict[str, Array]) -> ModelBundle:
    return replace(models.bundle(), network=Network(spec, tensors), parity=None)


def _two_classes() -> ModelBundle:
    tensors = models.tensors()
    tensors["score/kernel"] = np.array([[1, -1], [0.5, 2], [-3, 1]], np.float32)
    tensors["score/bias"] = np.array([0.1, -0.2], np.float32)
    return _with_network(models.spec("softmax"), tensors)


def _without_pooling() -> ModelBundle:
    """Embedding → Flatten → Dense: where a word stands matters."""
    tensors = {**models.tensors(), "out": np.linspace(-1, 1, 20, dtype=np.float32).reshape(20, 1)}
    used = {"embedding/table", "out"}
    spec = GraphSpec(
        inputs=(InputSpec("ids", (models.LENGTH,), "int"),),
        layers=(
            models.spec().layers[0],
            LayerSpec("flat", "Flatten", ("embedding",)),
            LayerSpec("score", "Dense", ("flat",), {"activation": "sigmoid"}, {"kernel": "out"}),
        ),
        outputs=("score",),
    )
    return _with_network(spec, {name: tensors[name] for name in used})


@pytest.mark.parametrize("wrong", [None, b"text", ["text"], 7])
@pytest.mark.parametrize("bundle", [models.bundle(), _without_pooling()], ids=["exact", "other"])
def test_what_is_no_text_is_refused(bundle: ModelBundle, wrong: Any) -> None:
    with pytest.raises(ModelError, match=f"text: expected a text, found {type(wrong).__name__}"):
        explain(bundle, wrong)


@pytest.mark.parametrize("bundle", [models.bundle(), _two_classes()], ids=["sigmoid", "softmax"])
@pytest.mark.parametrize("text", [TEXT, "", "!", "слова которых никто не знает", TEXT * 9])
def test_the_pushes_of_a_linear_pooling_add_up_to_the_score(bundle: ModelBundle, text: str) -> None:
    explanation = explain(bundle, text)
    assert explanation.exact
    total = explanation.base + sum(push.value for push in explanation.pushes)
    assert total == pytest.approx(_log_odds(explanation.score), abs=1e-9)
    (score,) = Classifier(bundle).score([text])
    assert explanation.score == pytest.approx(score.value, abs=1e-6)


def test_pushes_come_in_reading_order_a_word_each() -> None:
    words = [push.word for push in explain(models.bundle(), TEXT).pushes]
    assert words == ["дождь", ",", "мост", "!", "скидка"]


def test_a_word_pushes_the_same_wherever_it_stands() -> None:
    pushes = explain(models.bundle(), "мост дождь мост").pushes
    assert pushes[0] == pushes[2]
    assert pushes[0] != pushes[1]


def test_the_articles_model_explains_itself_exactly() -> None:
    explanation = explain(load_bundle(article_bundle_path()), "Скидки до 70 %! Успейте купить.")
    assert explanation.exact
    total = explanation.base + sum(push.value for push in explanation.pushes)
    assert total == pytest.approx(_log_odds(explanation.score), abs=1e-9)


def test_the_default_model_tells_what_made_a_text_bad() -> None:
    text = "Городские власти сообщили о ремонте дорог. Скидки до 70 %! Успейте купить."
    explanation = explain(load_bundle(default_bundle_path()), text)
    assert not explanation.exact
    pushes = {push.word: push.value for push in explanation.by_word()}
    assert pushes["Скидки"] > 0 > pushes["сообщили"]


def test_other_networks_are_explained_by_leaving_words_out() -> None:
    bundle = _without_pooling()
    explanation = explain(bundle, "дождь мост скидка")
    assert not explanation.exact
    classifier = Classifier(bundle)
    whole, less, empty = classifier.score(["дождь мост скидка", "дождь скидка", ""])
    assert explanation.score == pytest.approx(whole.value, abs=1e-6)
    assert explanation.base == pytest.approx(_log_odds(empty.value), abs=1e-5)
    taken = _log_odds(whole.value) - _log_odds(less.value)
    assert explanation.pushes[1] == Push("мост", pytest.approx(taken, abs=1e-5))


def test_a_masked_average_is_no_linear_pooling() -> None:
    layers = list(models.spec().layers)
    mask = LayerSpec("known", "NotEqual", ("ids",), {"value": 0})
    layers[1] = replace(layers[1], mask="known")
    spec = replace(models.spec(), layers=(layers[0], mask, *layers[1:]))
    assert not explain(_with_network(spec, models.tensors()), TEXT).exact


def test_without_a_fixed_length_the_text_sets_what_is_averaged_over() -> None:
    spec = replace(models.spec(), inputs=(InputSpec("ids", (None,), "int"),))
    bundle = replace(
        _with_network(spec, models.tensors()),
        text=TextPipeline(None, TextVectorization(models.WORDS)),
    )
    explanation = explain(bundle, "мост дождь")
    total = explanation.base + sum(push.value for push in explanation.pushes)
    assert total == pytest.approx(_log_odds(explanation.score), abs=1e-9)


@pytest.mark.parametrize("unknown", [None, 1])
def test_words_that_a_tokenizer_leaves_out_or_cuts_away_push_nothing(unknown: int | None) -> None:
    index = {word: i for i, word in enumerate(models.WORDS) if i > 1}
    tokenizer = KerasTokenizer(index, length=models.LENGTH, unknown=unknown, filters="")
    bundle = replace(models.bundle(), text=TextPipeline(None, tokenizer))
    explanation = explain(bundle, "скидка мост нигде дождь дождь ! мост")
    assert explanation.exact
    assert len(explanation.pushes) == models.LENGTH
    total = explanation.base + sum(push.value for push in explanation.pushes)
    assert total == pytest.approx(_log_odds(explanation.score), abs=1e-9)


def test_terms_of_tf_idf_are_explained_exactly() -> None:
    vectorizer = TfIdf(("мост", "дождь мост", "скидка"), (1.0, 2.0, 3.0), ngrams=(1, 2))
    spec = GraphSpec(
        inputs=(InputSpec("weights", (3,)),),
        layers=(
            LayerSpec(
                "score",
                "Dense",
                ("weights",),
                {"activation": "sigmoid"},
                {"kernel": "kernel", "bias": "bias"},
            ),
        ),
        outputs=("score",),
    )
    tensors = {"kernel": np.array([[1.0], [-2.0], [4.0]]), "bias": np.array([0.5])}
    text = TextPipeline(None, vectorizer)
    bundle = ModelBundle("terms", 0.5, Network(spec, tensors), text, fingerprint="")

    explanation = explain(bundle, "Дождь, мост, дождь")

    assert explanation.exact
    assert explanation.base == 0.5
    size = math.sqrt(1 + 4)
    expected = [Push("мост", pytest.approx(1 / size)), Push("дождь мост", pytest.approx(-4 / size))]
    assert list(explanation.pushes) == expected
    assert explanation.score == pytest.approx(1 / (1 + math.exp(-0.5 + 3 / size)))


def _with_features() -> ModelBundle:
    """The small network with a second input beside the average."""
    layers = models.spec().layers
    spec = GraphSpec(
        inputs=(*models.spec().inputs, InputSpec("extra", (1,))),
        layers=(
            *layers[:2],
            LayerSpec("both", "Concatenate", ("average", "extra")),
            replace(layers[2], inputs=("both",)),
            layers[3],
        ),
        outputs=("score",),
    )
    kernel = np.linspace(-1, 1, 15, dtype=np.float32).reshape(5, 3)
    text = replace(models.bundle().text, input="ids")
    network = Network(spec, {**models.tensors(), "hidden/kernel": kernel})
    return replace(models.bundle(), network=network, text=text, parity=None)


def test_further_features_stay_the_same_while_words_are_left_out() -> None:
    bundle, extra = _with_features(), np.array([[0.7]], np.float32)
    explanation = explain(bundle, "дождь мост", features={"extra": extra})
    classifier = Classifier(bundle)
    whole, less = classifier.score(["дождь мост", "дождь"], features=np.repeat(extra, 2, axis=0))
    assert not explanation.exact
    assert explanation.score == pytest.approx(whole.value, abs=1e-6)
    taken = _log_odds(whole.value) - _log_odds(less.value)
    assert explanation.pushes[1] == Push("мост", pytest.approx(taken, abs=1e-5))


def test_features_that_the_network_reads_must_be_given() -> None:
    with pytest.raises(BundleMismatch, match="extra"):
        explain(_with_features(), TEXT)


def test_a_network_that_gives_no_score_cannot_be_explained() -> None:
    spec = replace(models.spec(), outputs=("hidden", "score"))
    with pytest.raises(BundleMismatch, match="output"):
        explain(_with_network(spec, models.tensors()), TEXT)


def test_occurrences_of_a_word_are_added_up_the_strongest_word_first() -> None:
    explanation = explain(models.bundle(), "мост дождь мост !")
    by_word = explanation.by_word()
    assert sorted(push.word for push in by_word) == ["!", "дождь", "мост"]
    assert sum(push.value for push in by_word) == pytest.approx(
        sum(push.value for push in explanation.pushes)
    )
    sizes = [abs(push.value) for push in by_word]
    assert sizes == sorted(sizes, reverse=True)


def test_a_model_without_a_text_part_has_no_words_to_explain() -> None:
    with pytest.raises(ModelError, match="no text part"):
        explain(replace(models.bundle(), text=None), TEXT)
