"""What operators are told, in their own language.

Messages stand in the code in English and in ``bot/locale/LANGUAGE.po`` in others. Which one
is spoken is a matter of the task that speaks: ``with speaking("ru"):``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime, timezone, tzinfo
from functools import cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path

LANGUAGES = ("en", "ru")
"""Those that newsieve speaks; the first stands in the code."""

_FOLDER = Path(__file__).parent / "locale"


class Voice:
    """What a block of code and the tasks that begin there speak.

    Attributes:
        language: one of LANGUAGES.
        zone: in which moments are told.
    """

    def __init__(self, code: str = LANGUAGES[0], zone: tzinfo = timezone.utc) -> None:
        self.zone = zone
        self.speak(code)

    def speak(self, code: str) -> None:
        """Speak another language from now on; what newsieve does not speak is English."""
        language = code.lower().partition("-")[0]
        self.language = language if language in LANGUAGES else LANGUAGES[0]


_voice: ContextVar[Voice] = ContextVar("voice")
_ENGLISH = Voice()


class Said(str):
    """A message in the language that was spoken, which can be said in another one later.

    Attributes:
        message: as it stands in the code.
        arguments: what was put into its braces.
    """

    __slots__ = ("arguments", "message")

    message: str
    arguments: Mapping[str, object]

    def __new__(
        cls, text: str, message: str, arguments: Mapping[str, object] | None = None
    ) -> Said:
        """Return ``text``, which says ``message``."""
        said = super().__new__(cls, text)
        said.message, said.arguments = message, arguments or {}
        return said

    def format(self, *args: object, **arguments: object) -> str:
        """Put arguments into the braces, by their names."""
        return Said(super().format(*args, **arguments), self.message, arguments)


@contextmanager
def speaking(code: str | None, zone: tzinfo | None = None) -> Iterator[Voice]:
    """Speak another language inside the block, and in the tasks that begin there.

    Args:
        code: as Telegram tells it of a user ("ru", "pt-br"). None, of a user of whom it is not
            known, changes nothing.
        zone: in which moments are told; None: as outside the block.

    Yields what may be told to speak otherwise later on.
    """
    voice = outside = _voice.get(_ENGLISH)
    if code is not None or zone is not None:
        voice = Voice(outside.language if code is None else code, zone or outside.zone)
    token = _voice.set(voice)
    try:
        yield voice
    finally:
        _voice.reset(token)


def spoken() -> str:
    """Return the language that is spoken."""
    return _voice.get(_ENGLISH).language


def local(moment: datetime) -> datetime:
    """Return a moment in the zone in which moments are told."""
    return moment.astimezone(_voice.get(_ENGLISH).zone)


def gettext(message: str) -> str:
    """Return ``message`` in the language that is spoken."""
    # The translation of nothing would be the head of the catalogue.
    return Said(catalogue(spoken()).gettext(message), message) if message else ""


def ngettext(one: str, many: str, number: int) -> str:
    """Return the one of two messages that goes with ``number``, in the language that is spoken."""
    return catalogue(spoken()).ngettext(one, many, number)


def pgettext(context: str, message: str) -> str:
    """Return ``message`` as it is meant in ``context``: the same English may need two others."""
    return catalogue(spoken()).pgettext(context, message)


def gettext_noop(message: str) -> str:
    """Return ``message`` as it is: it is put into another language where it is told."""
    return message


@cache
def catalogue(language: str) -> NullTranslations:
    """Return what ``language`` calls each message."""
    path = _FOLDER / f"{language}.po"
    if language == LANGUAGES[0]:
        return NullTranslations()
    # Reading it takes some milliseconds, once; packed ones would be a second truth.
    from babel.messages.mofile import write_mo  # noqa: PLC0415  only who speaks it needs it
    from babel.messages.pofile import read_po  # noqa: PLC0415

    packed = BytesIO()
    with path.open("rb") as file:
        write_mo(packed, read_po(file, locale=language, abort_invalid=True))
    packed.seek(0)
    return GNUTranslations(packed)
