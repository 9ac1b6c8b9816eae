"""The classifier beside other ways from text to score, each pair measured in one run."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from time import perf_counter

import numpy as np

from bot.bench import recurrent
from bot.bench.figures import Amount, Figure, Ratio
from bot.bench.one_hot import OneHotNetwork, OneHotWay
from bot.bench.rivals import Runs, installed, rivals
from bot.bench.timing import fastest, seconds
from classifier import (
    Classifier,
    ModelBundle,
    article_bundle_path,
    default_bundle_path,
    load_bundle,
)
from classifier.network import Array, fuse
from classifier.text.lemmas import lemma

TEXTS, LENGTH = 2_000, 100
_ONE_HOT_TEXTS = 20
_STARTS = 3
_PASSES = 2
_TOLERANCE = 1e-5
_WORD = re.compile(r"\w+")
_STORY = (
    "Новый мост через реку открыли в городе. Его строили три года, и первыми по нему прошли "
    "школьники. По словам строителей, мост выдержит любой паводок: опоры стоят на скале. "
) * 5


def measure(texts: Sequence[str] | None) -> Iterator[Figure]:
    """Yield the figures one by one.

    Args:
        texts: raw texts to measure the whole way on; None: that part is left out.

    Raises:
        ValueError: if two ways that are compared do not give the same answer.
    """
    article, default = load_bundle(article_bundle_path()), load_bundle(default_bundle_path())
    yield from measure_network(article, rivals(OneHotNetwork.of(article)))
    if texts is not None:
        yield from measure_texts(article, texts)
        yield from measure_default(default, texts)
    yield measure_one_text(default)
    yield from measure_start()
    if installed("torch"):
        yield measure_recurrent()


def measure_network(
    bundle: ModelBundle, runtimes: Iterable[tuple[str, Runs]] = ()
) -> Iterator[Ratio]:
    """Yield the network alone, on ids: as it runs in a classifier, beside all other ways.

    Raises:
        ValueError: if one of them does not give the same scores.
    """
    subject = f"network only, {TEXTS} texts of {LENGTH} ids"
    one_hot = OneHotNetwork.of(bundle)
    ids = np.random.default_rng(1).integers(0, len(one_hot.table), (TEXTS, LENGTH))
    folded = fuse(bundle.network)
    few = ids[:_ONE_HOT_TEXTS]
    expected = folded(ids)[:, 0]
    others: dict[str, Callable[[], Array]] = {"newsieve, not folded": _on(bundle.network, ids)}
    others |= {name: _on(run, ids) for name, run in runtimes}
    for name, way in others.items():
        _expect_same(name, way(), expected)
    _expect_same("one-hot", np.array([one_hot.score(row) for row in few]), expected[: len(few)])
    found = fastest({"": lambda: folded(ids), **others})
    slow = seconds(lambda: [one_hot.score(row) for row in few]) / len(few)
    ours = found.pop("") / TEXTS
    yield Ratio(subject, "one-hot rows in numpy", ours, slow, least=3_000)
    for name, theirs in found.items():
        yield Ratio(subject, name, ours, theirs / TEXTS, least=1)


def measure_texts(bundle: ModelBundle, texts: Sequence[str]) -> Iterator[Ratio]:
    """Yield the whole way from raw texts to scores, with nothing remembered and with all."""
    one_hot = OneHotWay.of(bundle)
    few = _spread(texts, _ONE_HOT_TEXTS)
    scores = np.array([one_hot.score(text) for text in few])
    classifier = Classifier(bundle)
    anew = min(seconds(lambda: [one_hot.score(text) for text in few]) for _ in range(_PASSES))
    cold = min(seconds(lambda: _unmet().score(texts)) for _ in range(_PASSES))
    found = fastest({"warm": lambda: classifier.score(texts), "words": lambda: _words(texts)})
    _expect_same("one-hot", scores, np.array([score.value for score in classifier.score(few)]))
    anew, cold = anew / len(few), cold / len(texts)
    warm, words = found["warm"] / len(texts), found["words"] / len(texts)
    subject = f"raw text to score, {len(texts)} texts"
    yield Ratio(f"{subject}, warm", "lemmatized anew, one-hot rows", warm, anew, least=100)
    yield Ratio(f"{subject}, cold", "lemmatized anew, one-hot rows", cold, anew, least=20)
    yield Ratio(f"{subject}, warm", "finding the words by \\w+ alone", warm, words, least=0.5)


def measure_default(bundle: ModelBundle, texts: Sequence[str]) -> Iterator[Amount]:
    """Yield how many raw texts the bundled model scores in a second, known words and new ones."""
    classifier = Classifier(bundle)
    classifier.score(texts)
    warm = fastest({"": lambda: classifier.score(texts)})[""]
    lemma.cache_clear()
    cold = seconds(lambda: Classifier(bundle).score(texts))
    subject = f"bundled model, raw text to score, {len(texts)} texts"
    yield Amount(f"{subject}, warm", len(texts) / warm, "a second", least=5_000)
    yield Amount(f"{subject}, cold", len(texts) / cold, "a second")


def measure_one_text(bundle: ModelBundle) -> Amount:
    """Return what one text takes that is not the first."""
    classifier = Classifier(bundle)
    found = fastest({"": lambda: classifier.score([_STORY])})
    return Amount("one raw text to score, warm", found[""] * 1e6, "µs", most=150)


def measure_start() -> Iterator[Amount]:
    """Yield time and memory of a process from its start to its first score."""
    starts = [_start() for _ in range(_STARTS)]
    subject = "new process to its first score"
    yield Amount(subject, min(taken for taken, _ in starts), "s", most=0.5)
    yield Amount(subject, max(memory for _, memory in starts), "MB", most=120)


def measure_recurrent() -> Ratio:
    """Return a BiLSTM and a BiGRU beside those of PyTorch."""
    theirs = recurrent.InTorch()
    ours = recurrent.network_of(theirs)
    shape = (recurrent.BATCH, recurrent.STEPS, recurrent.SIZE)
    x = np.random.default_rng(1).normal(size=shape).astype(np.float32)
    _expect_same("PyTorch", theirs(x), ours(x))
    found = fastest({"ours": _on(ours, x), "theirs": _on(theirs, x)})
    subject = f"BiLSTM and BiGRU, {recurrent.UNITS} units, {shape[1]} steps, batch {shape[0]}"
    return Ratio(subject, "PyTorch, eager", found["ours"], found["theirs"], least=0.5)


def _unmet() -> Classifier:
    """Return a classifier that has met no text yet."""
    lemma.cache_clear()
    return Classifier(load_bundle(article_bundle_path()))


def _on(run: Callable[[Array], Array], x: Array) -> Callable[[], Array]:
    return lambda: run(x)


def _spread(texts: Sequence[str], count: int) -> Sequence[str]:
    """Return at most ``count`` of ``texts``, from all over them."""
    return texts[:: max(1, len(texts) // count)][:count]


def _words(texts: Sequence[str]) -> list[list[str]]:
    """Find as many words as the network reads."""
    return [[word.group() for word in islice(_WORD.finditer(text), LENGTH)] for text in texts]


def _start() -> tuple[float, float]:
    """Return seconds by the clock, and megabytes."""
    start = perf_counter()
    command = [sys.executable, "-m", "bot.bench.first_score"]
    done = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603
    return perf_counter() - start, float(done.stdout)


def _expect_same(name: str, found: Array, expected: Array) -> None:
    difference = np.abs(found.reshape(expected.shape) - expected).max()
    if not difference <= _TOLERANCE:
        raise ValueError(f"{name}: differs by {difference}; such times would compare nothing")
