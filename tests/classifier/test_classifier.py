from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from classifier import (
    BundleMismatch,
    Classifier,
    ModelError,
    Score,
    article_bundle_path,
    default_bundle_path,
    load_bundle,
)
from classifier.parity import Recorder, first_divergence
from classifier.text import compose
from tests.classifier import models

_GOOD = [
    compose(
        "В Заозёрске открыли мост через Каменку",
        "Движение по новому мосту запустили утром, сообщила городская администрация.",
    ),
    "Власти области выделят 200 миллионов рублей на ремонт школ, сообщила пресс-служба.",
    "Сборная области по волейболу вышла в финал чемпионата страны.",
]
_BAD = [
    "Скидки до 70% на всё! Успей купить по промокоду, жми на ссылку: https://example.com 🔥",
    "Гороскоп на завтра: что ждёт каждый знак зодиака",
    "Ищу людей в команду, доход от 500$ в день, удалённо, без опыта, пиши в личку!!!",
]


@pytest.fixture(scope="module")
def default() -> Classifier:
    return Classifier(load_bundle(default_bundle_path()))


def test_the_default_model_tells_good_news_from_bad(default: Classifier) -> None:
    good, bad = default.score(_GOOD), default.score(_BAD)
    assert max(score.value for score in good) <= default.threshold
    assert min(score.value for score in bad) > default.threshold


def test_the_articles_network_is_as_the_article_has_it() -> None:
    network = load_bundle(article_bundle_path()).network
    assert {name: tensor.shape for name, tensor in network.tensors.items()} == {
        "embedding/table": (1000, 40),
        "hidden/kernel": (40, 6),
        "hidden/bias": (6,),
        "score/kernel": (6, 1),
        "score/bias": (1,),
    }
    assert network.shapes["ids"] == (100,)


@pytest.mark.parametrize(
    ("path", "framework", "fewest"),
    [(article_bundle_path(), "keras", 8), (default_bundle_path(), "torch", 7)],
    ids=["article", "default"],
)
def test_the_shipped_models_answer_as_their_framework_did_layer_by_layer(
    path: Path, framework: str, fewest: int
) -> None:
    bundle = load_bundle(path)
    assert bundle.parity is not None
    assert bundle.parity.recorded_by is Recorder.FRAMEWORK
    assert len(bundle.parity.texts) >= fewest
    assert framework in bundle.provenance["framework"]
    assert first_divergence(bundle.parity, bundle.network, bundle.text) is None


@pytest.mark.parametrize("path", [article_bundle_path(), default_bundle_path()])
def test_the_cards_of_the_shipped_models_name_their_sources(path: Path) -> None:
    card = (path / "MODEL_CARD.md").read_text(encoding="utf-8")
    for source in (
        "Apache-2.0 IlyaGusev/tgcontest",
        "CC-BY-4.0 NKTKLN/telegram-news-classifier",
        "MIT umputun/tg-spam",
    ):
        assert source in card


def test_the_default_model_is_small() -> None:
    assert sum(file.stat().st_size for file in default_bundle_path().iterdir()) <= 5_000_000


def test_the_default_model_brings_what_it_can_be_retrained_with() -> None:
    bundle = load_bundle(default_bundle_path())
    base = bundle.base_data()
    assert base is not None
    assert bundle.text is not None
    assert len(base) > 2000
    assert base.reference.sum() >= 200
    assert base.padded(bundle.text).shape == (len(base), bundle.text.vectorizer.length)


def test_scores_are_probabilities_in_the_order_of_the_texts(default: Classifier) -> None:
    together = default.score(_GOOD + _BAD)
    alone = [default.score([text])[0] for text in _GOOD + _BAD]
    assert [score.value for score in together] == pytest.approx([s.value for s in alone], abs=1e-6)
    assert {score.model for score in together} == {default.model}
    assert default.score([]) == []


def test_many_texts_are_scored_in_portions(default: Classifier) -> None:
    scores = default.score([_GOOD[0], _BAD[0]] * 300)
    assert len(scores) == 600
    assert len({round(score.value, 6) for score in scores}) == 2


@pytest.mark.parametrize(
    "text",
    [
        "",
        " \n",
        "щъхзю qwzx",
        "\x00\ud800\uffff",
        "<p></p>",
        "слово " * 20_000,
        "ы" * 1_000_000,
        "🦔",
    ],
)
def test_any_text_has_a_score(default: Classifier, text: str) -> None:
    (score,) = default.score([text])
    assert 0 <= score.value <= 1


def test_one_text_in_place_of_a_list_is_a_mistake(default: Classifier) -> None:
    with pytest.raises(ModelError, match="texts: expected a list of texts, found one text"):
        default.score("текст")


@pytest.mark.parametrize(
    "given", [None, 5, 0.5, b"", "текст".encode(), {"текст": 1}, {"текст"}, iter(["текст"])]
)
def test_what_is_no_list_of_texts_is_refused(default: Classifier, given: Any) -> None:
    kind = type(given).__name__
    with pytest.raises(ModelError, match=f"texts: expected a list of texts, found {kind}"):
        default.score(given)


@pytest.mark.parametrize("wrong", [None, b"text", ["text"], ("text",), 7, 0.5, True, {}])
def test_the_first_that_is_no_text_is_named(default: Classifier, wrong: Any) -> None:
    texts = ["текст"] * 300 + [wrong, None]
    kind = type(wrong).__name__
    with pytest.raises(BundleMismatch, match=rf"texts\[300\]: expected a text, found {kind}$"):
        default.score(texts)
    with pytest.raises(ModelError, match=f"text: expected a text, found {kind}$"):
        default.lemmas(wrong)


def test_texts_may_come_as_any_sequence(default: Classifier) -> None:
    texts = ["текст", "мост"]
    assert default.score(tuple(texts)) == default.score(texts)
    assert default.score(np.array(texts, dtype=object)) == default.score(texts)


def test_lemmas_are_what_the_network_reads(default: Classifier) -> None:
    assert default.lemmas("<b>Новые</b> мосты, 2021!") == ["новый", "мост", ",", "0000", "!"]
    assert len(default.lemmas("мост " * 500)) == 120


def test_a_model_is_named_with_its_hash(default: Classifier) -> None:
    name, digits = default.model.split("-")
    assert name == "default"
    assert load_bundle(default_bundle_path()).fingerprint.startswith(digits)


def test_threads_may_share_a_classifier(default: Classifier) -> None:
    expected = default.score(_BAD)
    with ThreadPoolExecutor(4) as pool:
        assert all(scores == expected for scores in pool.map(default.score, [_BAD] * 50))


def test_of_two_classes_the_second_is_bad() -> None:
    tensors = {
        "score/kernel": np.zeros((3, 2), np.float32),
        "score/bias": np.array([0.0, np.log(3)], np.float32),
    }
    (score,) = Classifier(models.bundle("softmax", **tensors)).score(["мост"])
    assert score == Score(pytest.approx(0.75), score.model)


def test_a_network_with_three_answers_is_refused() -> None:
    tensors = {
        "score/kernel": np.zeros((3, 3), np.float32),
        "score/bias": np.zeros(3, np.float32),
    }
    with pytest.raises(ModelError, match="output"):
        Classifier(models.bundle("softmax", **tensors))


@pytest.mark.parametrize(("kernel", "bias"), [(0.0, 2.0), (0.0, -0.1), (3e38, 0.0), (-3e38, 3e38)])
def test_an_answer_that_is_no_probability_is_refused(kernel: float, bias: float) -> None:
    tensors = {
        "hidden/bias": np.full(3, 100.0, np.float32),
        "score/kernel": np.array([[kernel], [-kernel], [kernel]], np.float32),
        "score/bias": np.array([bias], np.float32),
    }
    classifier = Classifier(models.bundle("linear", **tensors))
    with pytest.raises(ModelError, match="0 to 1"):
        classifier.score(["мост"])


def test_scoring_imports_numpy_and_the_lemmatizer_alone() -> None:
    lemmatizer = "pymorphy3" if sys.version_info >= (3, 11) else "pymorphy2"
    script = f"""
import sys, numpy, {lemmatizer}
{lemmatizer}.MorphAnalyzer(lang="ru").parse("мост")
before = set(sys.modules)
from classifier import Classifier, default_bundle_path, load_bundle
Classifier(load_bundle(default_bundle_path())).score(["Открыт новый мост"])
tops = {{name.partition(".")[0] for name in set(sys.modules) - before}}
print(*sorted(tops - set(sys.stdlib_module_names)))
"""
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    # numpy loads some of its own parts when they are first used
    assert set(done.stdout.split()) - {"numpy"} == {"classifier"}
