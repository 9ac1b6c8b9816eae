"""Which phrase rules speak of a text. Pure.

All phrases are looked for at once, in a tree of words: how long that takes grows with the text
and hardly with the number of rules. Of a phrase in any form the forms are looked up when the
book is made, so that no word of a text is lemmatized: a word that no dictionary has would take
a thousand times as long as its look-up here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from bot.model import Decision
from bot.rules import MOST_SKIPPED, STAR, Phrase, PhraseRule, words_of
from classifier.text.lemmas import forms_of, lemma

_Place: TypeAlias = "tuple[PhraseRule, int, int]"
"""A rule, the place of the first word of its phrase in a text, and that behind the last."""


@dataclass(eq=False, slots=True)
class _Node:
    """Where one has come to in the tree.

    Attributes:
        edges: word or lemma → what comes behind it.
        gap: what comes behind a star that stands here.
        rules: those whose phrase ends here.
    """

    edges: dict[str, _Node] = field(default_factory=dict)
    gap: _Node | None = None
    rules: list[PhraseRule] = field(default_factory=list)


class Rulebook:
    """Phrase rules, ready to be looked for.

    Attributes:
        rules: all of them, by their ids.
    """

    def __init__(self, rules: Iterable[PhraseRule] = ()) -> None:
        self.rules = tuple(sorted(rules, key=lambda rule: rule.id))
        self._exact = _Tree(rule for rule in self.rules if rule.phrase.exact)
        self._any_form = _Tree(rule for rule in self.rules if not rule.phrase.exact)

    def find(self, text: str) -> PhraseRule | None:
        """Return the rule that decides on ``text``: one that rejects before one that accepts.

        Of several alike it is the one with the lowest id; None if no rule speaks of it.
        """
        return min(self.matching(text), key=_rank, default=None)

    def matching(self, text: str) -> list[PhraseRule]:
        """Return all rules that speak of ``text``, by their ids."""
        if not self.rules:
            return []
        words = list(words_of(text))
        found = {rule.id: rule for rule, _begin, _end in self._places(words)}
        return [found[rule_id] for rule_id in sorted(found)]

    def quote(self, text: str) -> str:
        """Return the words of ``text`` that some rule speaks of, the first ones; or nothing."""
        words = list(words_of(text))
        places = ((begin, end) for _rule, begin, end in self._places(words))
        begin, end = min(places, default=(0, 0))
        return " ".join(words[begin:end])

    def _places(self, words: Sequence[str]) -> Iterator[_Place]:
        for tree in (self._exact, self._any_form):
            yield from tree.on(words)


class _Tree:
    """Phrases by their words: as they are written, or in any form."""

    def __init__(self, rules: Iterable[PhraseRule]) -> None:
        self._root = _Node()
        keys: defaultdict[str, set[str]] = defaultdict(set)
        for rule in rules:
            _end_of(rule.phrase, self._root).rules.append(rule)
            for word in rule.phrase.words:
                for form in [word] if rule.phrase.exact else _forms(word):
                    keys[form].add(_key(word, exact=rule.phrase.exact))
        self._keys = {form: tuple(sorted(found)) for form, found in keys.items()}
        self._stems = sorted({len(form) - 1 for form in keys if form.endswith(STAR)})

    def on(self, words: Sequence[str]) -> Iterator[_Place]:
        """Yield where in ``words`` the phrases stand, each as often as it does."""
        keys = [self._keys_of(word) for word in words]
        for place, here in enumerate(keys):
            if here:
                yield from _begun_at(place, keys, self._root)

    def _keys_of(self, word: str) -> Sequence[str]:
        whole = self._keys.get(word, ())
        if not self._stems:
            return whole
        stems = (word[:length] + STAR for length in self._stems if length <= len(word))
        return (*whole, *(stem for stem in stems if stem in self._keys))


def _begun_at(place: int, keys: Sequence[Sequence[str]], root: _Node) -> Iterator[_Place]:
    """Yield the phrases that begin at ``place``.

    Each node is entered once at each place it can be reached at, so that a text that repeats
    itself takes no longer.
    """
    waiting = [(root, place)]
    entered: set[tuple[int, int]] = set()
    while waiting:
        node, at = waiting.pop()
        if (id(node), at) in entered:
            continue
        entered.add((id(node), at))
        for rule in node.rules:
            yield rule, place, at
        if node.gap is not None:
            waiting += [(node.gap, at + skipped) for skipped in range(MOST_SKIPPED + 1)]
        if at < len(keys):
            waiting += [(node.edges[key], at + 1) for key in keys[at] if key in node.edges]


def _end_of(phrase: Phrase, node: _Node) -> _Node:
    """Return the node where ``phrase`` ends, below ``node``; what lacks on the way is made."""
    for place, word in enumerate(phrase.words):
        if place == phrase.gap:
            node.gap = node.gap or _Node()
            node = node.gap
        node = node.edges.setdefault(_key(word, exact=phrase.exact), _Node())
    return node


def _key(word: str, *, exact: bool) -> str:
    return word if exact or word.endswith(STAR) else lemma(word)


def _forms(word: str) -> set[str]:
    if word.endswith(STAR):
        return {word}
    return {word, *(form.replace("ё", "е") for form in forms_of(word))}


def _rank(rule: PhraseRule) -> tuple[bool, int]:
    return rule.decision is Decision.ACCEPT, rule.id
