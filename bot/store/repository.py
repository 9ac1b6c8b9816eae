"""What the families of records share: a database, and transactions that are never cut in two."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

from bot.store.engine import Database


class Repository:
    """One family of records in a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @property
    def database(self) -> Database:
        """The database the records are in."""
        return self._database


R = TypeVar("R", bound=Repository)
P = ParamSpec("P")
T = TypeVar("T")


def unbroken(
    method: Callable[Concatenate[R, P], Coroutine[Any, Any, T]],
) -> Callable[Concatenate[R, P], Coroutine[Any, Any, T]]:
    """Let a call run to its end although its caller is cancelled.

    A driver that is cancelled between two statements may keep its transaction,
    and with it the lock of the database, until the garbage is collected.
    """

    @wraps(method)
    async def run(repository: R, /, *args: P.args, **kwargs: P.kwargs) -> T:
        return await repository.database.finish(method(repository, *args, **kwargs))

    return run
