"""The lemmatizer: the one module that knows which one runs here.

pymorphy2 cannot start on Python 3.11 and later; pymorphy3 is its maintained
continuation with the same interface and the same dictionaries.
"""

from __future__ import annotations

import re
import sys
import warnings
from functools import lru_cache
from importlib.metadata import version
from typing import Any

if sys.version_info >= (3, 11):
    import pymorphy3 as pymorphy
else:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # pymorphy2 looks for plugins through pkg_resources
        import pymorphy2 as pymorphy

REMEMBERED_WORDS = 50_000
_LONGEST_WORD = 40
_RUSSIAN = re.compile("[а-яё]", re.I)
_LAST_COMMON = "\uffff"
"""The lemmatizer asks for the name of each letter; beyond this one some have none."""


@lru_cache(maxsize=REMEMBERED_WORDS)
def lemma(word: str) -> str:
    """Return the dictionary form of a Russian word in lower case; other words as they are.

    Of several readings the most frequent one counts. Words longer than any
    word of the dictionary are not looked up.
    """
    if not _may_be_russian(word):
        return word
    forms = _dictionary_forms(word.lower())
    # Most words have one form in all readings: then it need not be told which is frequent.
    return forms.pop() if len(forms) == 1 and len(word) > 1 else analyze(word)


def dictionary_lemma(word: str) -> str | None:
    """Return the ``lemma`` of a word that the dictionary has, or None.

    To guess at one that it has not takes five times as long.
    """
    if not _may_be_russian(word) or not _dictionary_forms(word.lower()):
        return None
    return lemma(word)


def forms_of(word: str) -> frozenset[str]:
    """Return the words whose ``lemma`` is that of ``word``, in lower case.

    Of a word that the dictionary has not, these are the forms that it would have.
    """
    if not _may_be_russian(word):
        return frozenset({word})
    own = lemma(word)
    reading = _analyzer().parse(word.lower())[0]
    forms = {str(form.word) for form in reading.lexeme}
    return frozenset(form for form in forms if dictionary_lemma(form) in (own, None)) | {word}


def analyze(word: str) -> str:
    """Return the form that the most frequent reading of ``word`` has, by the lemmatizer alone.

    It guesses at words that are not in its dictionary. ``lemma`` gives the same, faster.
    """
    return str(_analyzer().parse(word)[0].normal_form)


def lemmatizer_versions() -> dict[str, str]:
    """Return name and version of the lemmatizer and of its dictionary."""
    name = pymorphy.__name__
    return {package: version(package) for package in (name, f"{name}-dicts-ru")}


@lru_cache(maxsize=1)
def _analyzer() -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return pymorphy.MorphAnalyzer(lang="ru")


def _may_be_russian(word: str) -> bool:
    if len(word) > _LONGEST_WORD or not _RUSSIAN.search(word):
        return False
    return max(word) <= _LAST_COMMON


def _dictionary_forms(word: str) -> set[str]:
    """Return the dictionary forms of all readings that the dictionary has of ``word``.

    This is what the analyzer's first step does, but for the grammar.
    """
    analyzer = _analyzer()
    dictionary = analyzer.dictionary
    readings = dictionary.words.similar_items(word, analyzer.char_substitutes)
    return {
        str(dictionary.build_normal_form(paradigm, place, found))
        for found, places in readings
        for paradigm, place in places
    }
