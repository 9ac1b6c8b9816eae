"""Models as they follow one another in use, and the attempts to make new ones."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from bot.model import Operator


class Origin(str, Enum):
    """How a model came to be in use."""

    RETRAINED = "retrained"
    INSTALLED = "installed"


@dataclass(frozen=True, slots=True)
class StoredModel:
    """A model that took the place of the one before.

    Attributes:
        folder: its name where models lie, which is configured on each machine.
        name: identity of the model, as verdicts have it.
        fingerprint: hash of all that its scores depend on.
        start: fingerprint of the model that the settings named then: this one
            counts only as long as they name the same.
        root: id of the installed model that it was retrained from; None: the settings' own.
        replaced: identity of the model that was in use before.
        operator: who put it there.
    """

    id: int
    folder: str
    name: str
    fingerprint: str
    start: str
    origin: Origin
    root: int | None
    replaced: str
    operator: Operator
    activated_at: datetime


@dataclass(frozen=True, slots=True)
class Training:
    """One attempt to retrain the model.

    Attributes:
        answer: what the gate said.
        reason: why, in plain words.
        model: identity of the candidate; None if nothing was trained.
        operator: who asked for it.
    """

    at: datetime
    answer: str
    reason: str
    model: str | None
    operator: Operator
