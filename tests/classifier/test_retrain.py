"""A model learns from operators, and the gate decides."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from classifier import Classifier, ModelError, load_bundle
from classifier.bundle import ModelBundle
from classifier.network import GraphSpec, InputSpec, LayerSpec, Network
from classifier.parity import Recorder, first_divergence
from classifier.saving import write_bundle
from classifier.training.dataset import Row
from classifier.training.fine_tune import TuneOptions
from classifier.training.fit import Epoch
from classifier.training.gate import Answer
from classifier.training.retrain import Retrained, RetrainOptions, retrain
from tests.classifier.retraining import (
    BARGAIN,
    GOSSIP,
    LOTTERY,
    TOWN,
    corrections,
    lessons,
    poisoned,
    small_model,
    texts,
    without_base,
)


def _called_bad(bundle: ModelBundle, words: Sequence[str]) -> float:
    """Share of unseen texts about ``words`` that a model calls bad."""
    scores = Classifier(bundle).score(texts(50, words, 999))
    return sum(score.value > bundle.threshold for score in scores) / 50


@pytest.fixture(scope="module")
def cured() -> Retrained:
    return retrain(small_model(), small_model(), corrections())


def test_sixty_honest_corrections_of_one_mistake_are_accepted_and_cure_it(
    cured: Retrained,
) -> None:
    report, candidate = cured.report, cured.candidate
    assert report.answer is Answer.ACCEPTED, report.reason
    assert candidate is not None
    assert _called_bad(small_model(), LOTTERY) < 0.1
    assert _called_bad(candidate, LOTTERY) > 0.9
    assert _called_bad(candidate, BARGAIN) > 0.95
    assert _called_bad(candidate, TOWN) < 0.05


def test_the_report_tells_what_was_learned_and_measured(cured: Retrained) -> None:
    told = cured.report.as_json()
    assert (told["answer"], told["labels"], told["learned"]) == ("accepted", 60, 42)
    assert told["newer"]["rows"] == 18
    assert told["newer"]["mistakes_before"] > 15 > told["newer"]["mistakes_after"]
    assert told["reference"]["rows"] == 220
    assert 1 <= told["epochs"] <= 40
    assert cured.candidate is not None
    assert told["model"] == cured.candidate.identity


@pytest.mark.parametrize("count", [60, 120, 300])
@pytest.mark.parametrize("seed", [60, 160, 260])
def test_a_batch_of_labels_of_which_half_are_flipped_is_refused(count: int, seed: int) -> None:
    report = retrain(small_model(), small_model(), poisoned(count, seed=seed)).report
    assert report.answer is Answer.REFUSED, report.reason


def test_flipped_corrections_of_one_kind_are_refused() -> None:
    half = [replace(one, label=number % 2) for number, one in enumerate(corrections())]
    assert retrain(small_model(), small_model(), half).report.answer is Answer.REFUSED


def test_labels_that_would_make_it_forget_the_rest_are_refused() -> None:
    """The operators suddenly call the town bad: the reference set objects.

    Where the model heeds labels only as far as it forgets nothing, it does not come so far.
    """
    said = lessons([(text, 1) for text in texts(200, TOWN, 70)])
    wholly = RetrainOptions(tune=TuneOptions(ways=(1.0,)))
    report = retrain(small_model(), small_model(), said, options=wholly).report
    assert report.answer is Answer.REFUSED
    assert "reference set" in report.reason
    report = retrain(small_model(), small_model(), said).report
    assert report.answer is Answer.REFUSED
    assert report.reference is not None
    assert report.reference.spoiled == 0


def test_few_labels_are_too_few_to_tell_and_nothing_is_trained() -> None:
    outcome = retrain(small_model(), small_model(), corrections(29))
    assert (outcome.report.answer, outcome.candidate) == (Answer.TOO_FEW, None)
    assert "to 29 texts: at least 30 different ones" in outcome.report.reason


def test_the_same_text_labelled_again_and_again_is_one_text() -> None:
    same = [
        replace(one, text=f"{corrections()[0].text} {n}") for n, one in enumerate(corrections())
    ]
    assert retrain(small_model(), small_model(), same).report.answer is Answer.TOO_FEW


def test_where_the_model_is_right_nothing_can_be_shown() -> None:
    said = lessons([(text, 1) for text in texts(60, BARGAIN, 71)])
    report = retrain(small_model(), small_model(), said).report
    assert report.answer is Answer.TOO_FEW
    assert "the model in use is wrong about none of the 18 newest labels" in report.reason


def test_two_retrainings_give_the_same_weights(cured: Retrained) -> None:
    again = retrain(small_model(), small_model(), corrections())
    assert cured.candidate is not None
    assert again.candidate is not None
    assert again.candidate.fingerprint == cured.candidate.fingerprint


def test_a_label_that_was_taken_back_leaves_no_trace(cured: Retrained) -> None:
    """The next retraining begins anew, so it is as if the label had never been given."""
    assert cured.candidate is not None
    kept = [*corrections()[10:], *corrections(words=GOSSIP, minutes=900)]
    undone = retrain(small_model(), cured.candidate, kept).candidate
    never = retrain(small_model(), small_model(), kept).candidate
    assert undone is not None
    assert never is not None
    assert undone.fingerprint == never.fingerprint


def test_a_candidate_is_compared_with_the_model_in_use(cured: Retrained) -> None:
    assert cured.candidate is not None
    report = retrain(small_model(), cured.candidate, corrections(90)).report
    assert report.answer is Answer.TOO_FEW
    assert "is wrong about" in report.reason


def test_a_candidate_says_where_it_comes_from_and_holds_when_written(
    cured: Retrained, tmp_path: Path
) -> None:
    assert cured.candidate is not None
    written = write_bundle(cured.candidate, tmp_path / "new")
    assert written.fingerprint == cured.candidate.fingerprint
    assert written.name == "small-r1"
    assert written.threshold == small_model().threshold
    told = written.provenance["retrained"]
    assert (told["from"], told["labels"], told["bad"]) == (small_model().fingerprint, 42, 42)
    assert written.metrics["gate"]["answer"] == "accepted"
    assert written.parity is not None
    assert written.parity.recorded_by is Recorder.SELF
    assert first_divergence(written.parity, written.network, written.text) is None
    assert load_bundle(tmp_path / "new").base_data() is not None


def test_the_next_candidate_has_the_next_number(cured: Retrained) -> None:
    assert cured.candidate is not None
    said = [*corrections(), *corrections(words=GOSSIP, minutes=900)]
    again = retrain(small_model(), cured.candidate, said).candidate
    assert again is not None
    assert _called_bad(again, GOSSIP) > 0.9
    assert _called_bad(again, LOTTERY) > 0.9
    assert again.name == "small-r2"


def test_a_text_of_the_reference_set_is_not_learned_from() -> None:
    base = small_model().base_data()
    assert base is not None
    assert base.reference[0]
    (measured,) = texts(500, TOWN, 1)[:1]
    said = [replace(corrections()[0], text=measured), *corrections()[1:]]
    report = retrain(small_model(), small_model(), said).report
    assert (report.learned, report.left_out) == (41, 1)


def test_labelled_texts_take_the_place_of_base_data() -> None:
    bare = without_base()
    with pytest.raises(ModelError, match=r"cannot be retrained here: .* no base data.*--data"):
        retrain(bare, bare, corrections())
    rows = [
        *(Row(text, 0) for text in texts(500, TOWN, 11)),
        *(Row(text, 1) for text in texts(250, BARGAIN, 12)),
    ]
    report = retrain(bare, bare, corrections(), data=rows).report
    assert report.answer is Answer.ACCEPTED, report.reason
    assert report.reference is not None
    assert (report.base, report.reference.rows) == (600, 150)


def test_a_small_reference_set_tells_nothing() -> None:
    rows = [*(Row(text, 0) for text in texts(60, TOWN, 11)), Row("скидка", 1)]
    report = retrain(without_base(), without_base(), corrections(), data=rows).report
    assert report.answer is Answer.TOO_FEW
    assert "a reference set of 13 texts" in report.reason


def test_the_threshold_in_force_is_what_mistakes_are_told_by() -> None:
    report = retrain(small_model(), small_model(), corrections(), threshold=0.0).report
    assert report.answer is Answer.TOO_FEW
    assert report.threshold == 0.0


def test_a_model_that_numpy_cannot_train_is_refused_by_name() -> None:
    spec = GraphSpec(
        inputs=(InputSpec("ids", (100,), "int"),),
        layers=(
            LayerSpec("table", "Embedding", ("ids",), {}, {"table": "table"}),
            LayerSpec(
                "order",
                "SimpleRNN",
                ("table",),
                {"activation": "tanh"},
                {"kernel": "k", "recurrent_kernel": "r", "bias": "b"},
            ),
            LayerSpec("score", "Dense", ("order",), {"activation": "sigmoid"}, {"kernel": "o"}),
        ),
        outputs=("score",),
    )
    words = len(small_model().network.tensors["embedding/table"])
    shapes = {"table": (words, 4), "k": (4, 3), "r": (3, 3), "b": (3,), "o": (3, 1)}
    tensors = {name: np.zeros(shape, np.float32) for name, shape in shapes.items()}
    bundle = replace(small_model(), network=Network(spec, tensors), parity=None)
    with pytest.raises(ModelError, match=r"cannot be retrained here: layer 'order'.*numpy"):
        retrain(bundle, bundle, corrections())


def test_a_model_without_texts_cannot_learn_from_them() -> None:
    bundle = replace(small_model(), text=None)
    with pytest.raises(ModelError, match=r"cannot be retrained here: .* no text part"):
        retrain(bundle, bundle, corrections())


def test_a_training_can_be_broken_off() -> None:
    class Stopped(Exception):
        pass

    def stop(_epoch: Epoch) -> None:
        raise Stopped

    with pytest.raises(Stopped):
        retrain(small_model(), small_model(), corrections(), on_epoch=stop)
