"""Labels: the operators' truth, and what it changes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import RowMapping, Select, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model import Label, Objection, Operator, Reason, Truth
from bot.store.engine import insert
from bot.store.giving import ACTIVE, give, id_in_force, object_to
from bot.store.labelling import lock_item, take_back
from bot.store.operators import claim
from bot.store.records import label_of, select_in
from bot.store.repository import Repository, unbroken
from bot.store.schema import items, labelled_texts, labels


@dataclass(frozen=True, slots=True)
class LabelledText:
    """A text and its truth, for training.

    Attributes:
        reason: why the item had its verdict when it was labelled, if it was an item.
        operator: name of who labelled it; empty if unknown.
        at: when it was labelled, if known.
        objection: what the operator had against it, if that was said.
    """

    title: str
    text: str
    label: Truth
    reason: Reason | None = None
    operator: str = ""
    at: datetime | None = None
    objection: Objection | None = None


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did.

    Attributes:
        added: how many texts were new.
        known: how many were not.
        changed: those of them that were imported before, with the other label.
        overruled: those to which an operator has given the other label, which goes on to count.
    """

    added: int
    known: int
    changed: tuple[LabelledText, ...] = ()
    overruled: tuple[LabelledText, ...] = ()


class Labels(Repository):
    """The labels of items, and labelled texts that came from elsewhere."""

    @unbroken
    async def add(
        self,
        item_id: int,
        truth: Truth,
        operator: Operator,
        *,
        chats: Sequence[str],
        at: datetime,
        update_id: int | None = None,
        objection: Objection | None = None,
    ) -> Label | None:
        """Label an item; a good one is queued for ``chats``, a bad one no longer wanted.

        An item without a verdict is queued with its verdict: a post always has one.

        Returns None if the newest active label says so already, or if the command of
        this update was done before. The former still queues posts of a good item anew
        that were refused or waited too long, and still takes the ``objection`` to a bad
        one; else nothing is changed.

        Raises:
            LookupError: if there is no such item.
        """
        async with self._database.writing() as connection:
            await lock_item(connection, item_id)
            if not await claim(connection, update_id, operator, _command(truth, item_id), at):
                return None
            return await give(connection, item_id, truth, operator, chats, at, objection)

    @unbroken
    async def choose(
        self,
        item_id: int,
        truth: Truth,
        operator: Operator,
        *,
        shown: int,
        chats: Sequence[str],
        at: datetime,
        update_id: int | None = None,
    ) -> Label | None:
        """Label an item as ``add`` does, if the label ``shown`` is in force (0: if none is).

        Returns None, and does nothing, if it is not; and as ``add`` does.

        Raises:
            LookupError: if there is no such item.
        """
        async with self._database.writing() as connection:
            await lock_item(connection, item_id)
            if not await claim(connection, update_id, operator, _command(truth, item_id), at):
                return None
            if await id_in_force(connection, item_id) != shown:
                return None
            return await give(connection, item_id, truth, operator, chats, at)

    @unbroken
    async def explain(
        self,
        label_id: int,
        objection: Objection,
        operator: Operator,
        *,
        at: datetime,
        update_id: int | None = None,
    ) -> int | None:
        """Record why an item is labelled bad; return the item's id, or None if there is no label.

        A label that was undone, is a good one, or was followed by another stays as it is, and so
        it does if the command of this update was done before.
        """
        async with self._database.writing() as connection:
            row = select(labels.c.item_id).where(labels.c.id == label_id)
            item_id: int | None = await connection.scalar(row)
            if item_id is None:
                return None
            await lock_item(connection, item_id)
            command = f"because {label_id} {objection.value}"
            if await claim(connection, update_id, operator, command, at):
                await object_to(connection, item_id, objection, label_id)
            return item_id

    @unbroken
    async def undo(
        self,
        operator: Operator,
        *,
        at: datetime,
        item_id: int | None = None,
        label_id: int | None = None,
        update_id: int | None = None,
    ) -> Label | None:
        """Take back the operator's newest label, or an item's newest, whoever gave it.

        What only a good one had posted leaves; what it was to post stands as before it.

        Returns the label that was taken back; None if there is none, if it is another one than
        ``label_id``, or if the command of this update was done before.
        """
        async with self._database.writing() as connection:
            if not await claim(connection, update_id, operator, "undo", at):
                return None
            row = (await connection.execute(_newest(operator, item_id))).mappings().first()
            if row is None or label_id not in (None, row["id"]):
                return None
            await lock_item(connection, row["item_id"])
            await connection.execute(
                update(labels).where(labels.c.id == row["id"]).values(undone_at=at)
            )
            await take_back(connection, row["item_id"], at=at)
            return label_of(row)

    @unbroken
    async def export(self) -> list[LabelledText]:
        """Return every labelled text once: the items' newest active labels, then the imported.

        Where both speak of the same text, the operator's label counts.
        """
        given, imported = await self.texts()
        texts = {_digest(row): row for row in imported}
        for row in given:
            texts.pop(_digest(row), None)
        return [*given, *texts.values()]

    @unbroken
    async def texts(self) -> tuple[list[LabelledText], list[LabelledText]]:
        """Return the items' newest active labels with their texts, and the imported ones."""
        async with self._database.reading() as connection:
            given = [_labelled(row) for row in (await connection.execute(_GIVEN)).mappings()]
            imported = [_labelled(row) for row in (await connection.execute(_IMPORTED)).mappings()]
        return given, imported

    @unbroken
    async def import_(self, rows: Iterable[LabelledText]) -> Imported:
        """Record labelled texts from elsewhere; return what was new, and what contradicted.

        A known text takes the label that comes now.
        """
        by_digest = {_digest(row): row for row in rows}
        if not by_digest:
            return Imported(0, 0)
        labelled = select(labelled_texts.c.digest, labelled_texts.c.label)
        async with self._database.writing() as connection:
            known = await select_in(connection, labelled, labelled_texts.c.digest, by_digest)
            given = [_labelled(row) for row in (await connection.execute(_GIVEN)).mappings()]
            await _replace(connection, by_digest)
        return Imported(
            added=len(by_digest) - len(known),
            known=len(known),
            changed=_contradicted(by_digest, {row["digest"]: row["label"] for row in known}),
            overruled=_contradicted(by_digest, {_digest(row): row.label for row in given}),
        )


_TOLD = ("label", "reason", "operator", "at", "objection")
_IMPORTED = select(labelled_texts).order_by(labelled_texts.c.at, labelled_texts.c.digest)
_GIVEN = (
    select(
        items.c.title,
        items.c.text,
        labels.c.truth.label("label"),
        labels.c.reason,
        labels.c.operator_name.label("operator"),
        labels.c.created_at.label("at"),
        labels.c.objection,
    )
    .join(items, items.c.id == labels.c.item_id)
    .where(labels.c.id.in_(select(func.max(labels.c.id)).where(ACTIVE).group_by(labels.c.item_id)))
    .order_by(labels.c.id)
)


def _command(truth: Truth, item_id: int) -> str:
    return f"{truth.name.lower()} {item_id}"


def _newest(operator: Operator, item_id: int | None) -> Select[Any]:
    whose = labels.c.operator_id == operator.id if item_id is None else labels.c.item_id == item_id
    newest_first = select(labels).where(ACTIVE, whose).order_by(labels.c.id.desc())
    return newest_first.limit(1).with_for_update()


def _labelled(row: RowMapping) -> LabelledText:
    return LabelledText(**{field.name: row[field.name] for field in fields(LabelledText)})


def _digest(row: LabelledText) -> str:
    return sha256(f"{row.title}\n{row.text}".encode("utf-8", "replace")).hexdigest()


def _contradicted(
    rows: Mapping[str, LabelledText], labelled: Mapping[str, Truth]
) -> tuple[LabelledText, ...]:
    """Return those of ``rows``, by digest, that are ``labelled`` otherwise."""
    return tuple(
        row for digest, row in rows.items() if labelled.get(digest, row.label) is not row.label
    )


async def _replace(connection: AsyncConnection, rows: Mapping[str, LabelledText]) -> None:
    statement = insert(connection, labelled_texts)
    newer = {name: statement.excluded[name] for name in _TOLD}
    await connection.execute(
        statement.on_conflict_do_update(index_elements=["digest"], set_=newer),
        [{"digest": digest, **asdict(row)} for digest, row in rows.items()],
    )
