"""The operators' phrase rules: drafted, applied, removed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model import Decision, Operator
from bot.rules import Phrase, PhraseRule
from bot.store.chosen import phrase_rules
from bot.store.engine import insert
from bot.store.operators import claim
from bot.store.repository import Repository, unbroken
from bot.store.turns import take_turn

MOST_RULES = 500

_KEY = 0x72756C65  # "rule" in ASCII
_IN_FORCE = phrase_rules.c.applied_at.is_not(None) & phrase_rules.c.removed_at.is_(None)


@dataclass(frozen=True, slots=True)
class StoredRule:
    """A phrase rule with what became of it.

    Attributes:
        operator: who drafted it, or applied it last.
        applied_at: when it came into force last; None: it never did.
        removed_at: when it was removed; None: it was not.
    """

    rule: PhraseRule
    operator: Operator
    applied_at: datetime | None
    removed_at: datetime | None

    @property
    def in_force(self) -> bool:
        """Whether it counts."""
        return self.applied_at is not None and self.removed_at is None


class PhraseRules(Repository):
    """The phrase rules."""

    @unbroken
    async def in_force(self) -> list[StoredRule]:
        """Return the rules that count, by their ids."""
        async with self._database.reading() as connection:
            return await _rules(connection, select(phrase_rules).where(_IN_FORCE))

    @unbroken
    async def get(self, rule_id: int) -> StoredRule | None:
        """Return a rule, whatever became of it, or None if there is none with this id."""
        async with self._database.reading() as connection:
            return await _one(connection, rule_id)

    @unbroken
    async def draft(
        self, phrase: Phrase, decision: Decision, operator: Operator, *, at: datetime
    ) -> StoredRule:
        """Return a rule that waits to be applied; the same one if it was drafted before."""
        same = select(phrase_rules).where(
            phrase_rules.c.phrase == phrase.text,
            phrase_rules.c.exact == phrase.exact,
            phrase_rules.c.decision == decision,
        )
        row = {"phrase": phrase.text, "exact": phrase.exact, "decision": decision}
        who = {"operator_id": operator.id, "operator_name": operator.name}
        async with self._database.writing() as connection:
            await take_turn(connection, _KEY)
            if not await _rules(connection, same):
                statement = insert(connection, phrase_rules).values(**row, **who, drafted_at=at)
                await connection.execute(statement)
            return (await _rules(connection, same))[0]

    @unbroken
    async def apply(
        self, rule_id: int, operator: Operator, *, at: datetime, update_id: int | None = None
    ) -> bool:
        """Put a rule in force that is not.

        Returns False, and nothing changes, if it is already, or if there are MOST_RULES, or
        if the command of this update was done before.
        """
        values = {
            "applied_at": at,
            "removed_at": None,
            "operator_id": operator.id,
            "operator_name": operator.name,
        }
        async with self._database.writing() as connection:
            await take_turn(connection, _KEY)
            count = select(func.count()).select_from(phrase_rules).where(_IN_FORCE)
            if (await connection.scalar(count) or 0) >= MOST_RULES:
                return False
            rule = await _one(connection, rule_id)
            if rule is None or rule.in_force:
                return False
            if not await claim(connection, update_id, operator, f"rule {rule_id} apply", at):
                return False
            await _set(connection, rule_id, values)
            return True

    @unbroken
    async def remove(
        self, rule_id: int, operator: Operator, *, at: datetime, update_id: int | None = None
    ) -> bool:
        """Take a rule out of force.

        Returns False, and nothing changes, if it is not in force, or if the command of this
        update was done before.
        """
        async with self._database.writing() as connection:
            await take_turn(connection, _KEY)
            rule = await _one(connection, rule_id)
            if rule is None or not rule.in_force:
                return False
            if not await claim(connection, update_id, operator, f"rule remove {rule_id}", at):
                return False
            await _set(connection, rule_id, {"removed_at": at})
            return True


async def _one(connection: AsyncConnection, rule_id: int) -> StoredRule | None:
    query = select(phrase_rules).where(phrase_rules.c.id == rule_id)
    return next(iter(await _rules(connection, query)), None)


async def _rules(connection: AsyncConnection, query: Select[Any]) -> list[StoredRule]:
    rows = (await connection.execute(query.order_by(phrase_rules.c.id))).mappings()
    return [
        StoredRule(
            PhraseRule(row["id"], Phrase.parse(row["phrase"], exact=row["exact"]), row["decision"]),
            Operator(row["operator_id"], row["operator_name"]),
            row["applied_at"],
            row["removed_at"],
        )
        for row in rows
    ]


async def _set(connection: AsyncConnection, rule_id: int, values: dict[str, Any]) -> None:
    await connection.execute(
        update(phrase_rules).where(phrase_rules.c.id == rule_id).values(**values)
    )
