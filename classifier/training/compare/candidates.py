"""Who takes part: add a candidate here."""

from __future__ import annotations

from collections.abc import Sequence

from classifier.errors import ModelError
from classifier.training.compare.candidate import Candidate
from classifier.training.compare.classical import LOGISTIC, ON_COUNTS, ON_VECTORS, SVC, Classical
from classifier.training.compare.clock import Clock
from classifier.training.compare.default import DefaultArchitecture
from classifier.training.compare.network import ArticleNetwork
from classifier.training.compare.vectors import Encoder, GivenVectors
from classifier.training.compare.words import TfIdfOfLemmas, TfIdfOfPieces

WORDS = (1_000, 5_000, 20_000)


def all_candidates(
    clock: Clock, *, words: Sequence[int] = WORDS, vectors: GivenVectors | None = None
) -> tuple[Candidate, ...]:
    """Return everybody who could take part.

    Args:
        clock: the one their times are taken with.
        words: vocabulary sizes of the article's network.
        vectors: the user's own, if there are any.
    """
    encoder = Encoder(clock)
    return (
        *(Classical(TfIdfOfLemmas(), model) for model in ON_COUNTS),
        Classical(TfIdfOfPieces(), LOGISTIC),
        *(ArticleNetwork(size) for size in dict.fromkeys(words)),
        DefaultArchitecture(),
        *(Classical(encoder, model) for model in (LOGISTIC, SVC)),
        *(Classical(vectors, model) for model in ON_VECTORS if vectors),
    )


def choose(candidates: Sequence[Candidate], wanted: Sequence[str]) -> tuple[Candidate, ...]:
    """Return those that ``wanted`` names by key or by the first words of one; all if none.

    Raises:
        ModelError: for a word that names nobody.
    """
    for word in wanted:
        if not any(_means(word, candidate) for candidate in candidates):
            keys = ", ".join(candidate.key for candidate in candidates)
            raise ModelError(f"no model is called {word!r}; there are {keys}")
    return tuple(
        candidate
        for candidate in candidates
        if not wanted or any(_means(word, candidate) for word in wanted)
    )


def _means(word: str, candidate: Candidate) -> bool:
    return candidate.key == word or candidate.key.startswith(f"{word}-")
