"""Measure how well and how fast reprints and texts on one event are found.

    python -m tests.measuring.kinship pairs FILE       judged pairs: F1 with intervals
    python -m tests.measuring.kinship stream FILE      posts: what is found, to be read by a person
    python -m tests.measuring.kinship speed FILE       time and memory at 100,000 items

FILE holds one JSON object a line, perhaps gzipped. For ``pairs``: ``a`` and ``b`` with
``title`` and ``text``, and ``same``. For the others: ``text``, and for ``stream`` also
``channel`` and ``date``. Times are of the processor, so that others at work do not count.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import numpy as np

from bot.kinship import Recent, Trace, Words, is_reprint, read_words, sign, story
from bot.kinship.words import Kind

SEED = 5
ITEMS = 100_000
ASKED = 2_000
Pair = dict[str, Any]


def main() -> None:
    """Measure what was asked for."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("what", choices=("pairs", "stream", "speed"))
    parser.add_argument("file", type=Path)
    parser.add_argument("--show", type=int, default=0, help="so many found pairs, to be read")
    parser.add_argument("--kind", choices=("reprint", "story"), default="reprint")
    given = parser.parse_args()
    rows = list(read(given.file))
    if given.what == "pairs":
        measure_pairs(rows)
    elif given.what == "stream":
        measure_stream(rows, given.show, given.kind)
    else:
        measure_speed([row["text"] for row in rows])


def read(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the objects of a file."""
    with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as lines:
        yield from map(json.loads, lines)


# --- judged pairs


def measure_pairs(pairs: Sequence[Pair]) -> None:
    """Print F1 of the shipped threshold, and of one chosen on other pairs."""
    same = np.array([pair["same"] for pair in pairs])
    cold, warm = (likenesses(pairs, learn=learn) for learn in (False, True))
    for name, likeness in (("no texts seen before", cold), ("all these texts seen", warm)):
        told = likeness >= story.SAME
        low, high = interval(same, told)
        print(f"{name}: at {story.SAME} F1 {f1(same, told):.3f}  95% {low:.3f}–{high:.3f}", end="")
        print(f"  precision {precision(same, told):.3f}  recall {precision(told, same):.3f}")
        low, median, high = halves(pairs, same, likeness)
        print(f"  threshold from one half, F1 on the other: {median:.3f}  95% {low:.3f}–{high:.3f}")


def likenesses(pairs: Sequence[Pair], *, learn: bool) -> np.ndarray:
    """Return the likeness of each pair."""
    terms = [[story.terms(words_of(pair[side])) for side in "ab"] for pair in pairs]
    rarity = story.Rarity()
    for both in terms if learn else ():
        for one in both:
            rarity.count(one.ids)
    return np.array([story.likeness_of(a, b, rarity) for a, b in terms])


def words_of(told: dict[str, str]) -> Words:
    """Return the words of an article."""
    return read_words(told["title"], told["text"])


def f1(same: np.ndarray, told: np.ndarray) -> float:
    """Return the F1 of what is told."""
    return float(2 * (same & told).sum() / max(same.sum() + told.sum(), 1))


def precision(same: np.ndarray, told: np.ndarray) -> float:
    """Return the share of what is told that is so."""
    return float((same & told).sum() / max(told.sum(), 1))


def interval(same: np.ndarray, told: np.ndarray, times: int = 5000) -> tuple[float, float]:
    """Return the 95 % interval of F1 over pairs drawn anew (bootstrap)."""
    draws = np.random.default_rng(SEED).integers(0, len(same), (times, len(same)))
    low, high = np.percentile([f1(same[draw], told[draw]) for draw in draws], [2.5, 97.5])
    return float(low), float(high)


def halves(
    pairs: Sequence[Pair], same: np.ndarray, likeness: np.ndarray, times: int = 500
) -> tuple[float, float, float]:
    """Return low, median and high F1 on one half of the pairs, the threshold from the other.

    Pairs that have a text in common are on one side.
    """
    groups, found = groups_of(pairs), []
    rng = np.random.default_rng(SEED)
    for _ in range(times):
        first = rng.random(groups.max() + 1)[groups] < 0.5
        if not 0 < same[first].sum() < first.sum() < len(same):
            continue
        threshold = best_threshold(same[first], likeness[first])
        found.append(f1(same[~first], likeness[~first] >= threshold))
    low, median, high = np.percentile(found, [2.5, 50, 97.5])
    return float(low), float(median), float(high)


def best_threshold(same: np.ndarray, likeness: np.ndarray) -> float:
    """Return the threshold with the best F1."""
    return float(max(np.unique(likeness), key=lambda limit: f1(same, likeness >= limit)))


def groups_of(pairs: Sequence[Pair]) -> np.ndarray:
    """Return a number for each pair, the same for pairs that have a text in common."""
    group_of: dict[str, int] = {}
    groups = np.arange(len(pairs))
    for i, pair in enumerate(pairs):
        for side in "ab":
            known = group_of.setdefault(pair[side]["text"], int(groups[i]))
            groups[groups == groups[known]] = groups[i]
    return groups


# --- a stream of posts


@dataclass(frozen=True)
class Found:
    """An item and an earlier one that it was found to be related to."""

    older: int
    newer: int
    likeness: float = 1.0


def measure_stream(posts: list[dict[str, Any]], shown: int, kind: str) -> None:
    """Print how many posts are reprints or have links, and some of them."""
    posts.sort(key=lambda post: post["date"])
    words = [read_words("", post["text"]) for post in posts]
    reprints, links = find_all(posts, words)
    linked = len({link.newer for link in links})
    print(f"{len(posts)} posts: {len(reprints)} reprints, {linked} others have {len(links)} links")
    chosen = reprints if kind == "reprint" else links
    for found in random.Random(SEED).sample(chosen, min(shown, len(chosen))):
        print(f"\n== {found.likeness:.2f}")
        for i in (found.older, found.newer):
            text = " ".join(posts[i]["text"].split())
            print(f"{posts[i]['date'][:16]} {posts[i]['channel']}: {text[:400]}")


def find_all(
    posts: Sequence[dict[str, Any]], words: Sequence[Words]
) -> tuple[list[Found], list[Found]]:
    """Return the reprints and the links, as the pipeline finds them."""
    recent = Recent()
    reprints, links = [], []
    for i, post in enumerate(posts):
        at = datetime.fromisoformat(post["date"])
        trace = Trace(i + 1, i, post["channel"], at, sign(words[i]))
        first = next((j for j in sorted(recent.find_alike(trace)) if again(posts, words, j, i)), -1)
        if first >= 0:
            reprints.append(Found(first, i))
        else:
            links += [Found(j, i, like) for j, like in recent.find_story(trace)]
        recent.extend([trace])
    return reprints, links


def again(posts: Sequence[dict[str, Any]], words: Sequence[Words], older: int, newer: int) -> bool:
    """Tell whether a post is an earlier one again."""
    one_source = posts[older]["channel"] == posts[newer]["channel"]
    return is_reprint(words[older], words[newer], one_source=one_source)


# --- speed


def measure_speed(texts: Sequence[str]) -> None:
    """Print times and memory with ITEMS texts: those given, then mixtures of their halves."""
    traces = list(make_traces([read_words("", text).lemmas for text in texts]))
    recent = Recent()
    took = clocked(lambda: recent.extend(traces[:-ASKED]))
    print(f"{len(recent)} items at once, as after a restart: {took:.2f} s")
    print(f"{recent.nbytes / 1e6:.0f} MB")
    asked = traces[-ASKED:]
    steps: dict[str, Callable[[Trace], object]] = {
        "ask for reprints": recent.find_alike,
        "ask for stories": recent.find_story,
        "add": lambda trace: recent.extend([trace]),
    }
    for name, step in steps.items():
        print(f"{name}: {clocked(lambda step=step: list(map(step, asked))) / ASKED * 1e3:.3f} ms")
    compare_with_datasketch([read_words("", text).lemmas for text in texts[:ASKED]])


def make_traces(texts: Sequence[Sequence[str]]) -> Iterator[Trace]:
    """Yield ITEMS traces within three days."""
    chance = random.Random(SEED)
    start = datetime(2024, 1, 1, tzinfo=timezone.utc)
    for i in range(ITEMS):
        one, other = chance.choice(texts), chance.choice(texts)
        mixed = (*one[: len(one) // 2], *other[len(other) // 2 :])
        lemmas = tuple(texts[i]) if i < len(texts) else mixed
        words = Words(lemmas, (Kind.PLAIN,) * len(lemmas), 0)
        at = start + timedelta(days=3) * (i / ITEMS)
        yield Trace(i + 1, i, f"source {i % 500}", at, sign(words))


def compare_with_datasketch(texts: Sequence[Sequence[str]]) -> None:
    """Print the time for sketch, question and addition, ours and datasketch's, if installed."""
    recent, start = Recent(), datetime(2024, 1, 1, tzinfo=timezone.utc)

    def ours(i: int, lemmas: Sequence[str]) -> None:
        words = Words(tuple(lemmas), (Kind.PLAIN,) * len(lemmas), 0)
        trace = Trace(i + 1, i, "", start, sign(words))
        recent.find_alike(trace)
        recent.extend([trace])

    own = clocked(lambda: [ours(i, lemmas) for i, lemmas in enumerate(texts)]) / len(texts)
    print(f"sketch, ask for reprints and add, both indexes: {own * 1e3:.3f} ms")
    try:
        from datasketch import MinHash, MinHashLSH
    except ImportError:
        print("datasketch is not installed: nothing to compare with", file=sys.stderr)
        return
    index = MinHashLSH(num_perm=64, params=(32, 2))

    def theirs(i: int, lemmas: Sequence[str]) -> None:
        minhash = MinHash(num_perm=64)
        minhash.update_batch([" ".join(lemmas[j : j + 3]).encode() for j in range(len(lemmas))])
        index.query(minhash)
        index.insert(str(i), minhash)

    other = clocked(lambda: [theirs(i, lemmas) for i, lemmas in enumerate(texts)]) / len(texts)
    print(f"datasketch {other * 1e3:.3f} ms: {other / own:.1f} times as long")


def clocked(work: Callable[[], object]) -> float:
    """Return the seconds of processor time that ``work`` takes."""
    began = time.process_time()
    work()
    return time.process_time() - began


if __name__ == "__main__":
    main()
