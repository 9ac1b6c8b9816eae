"""The ledger as a file."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import typer

from bot.cli.ledger import moment_of
from bot.ledger_file import Delimiter, Format, harmless, open_writer
from bot.model import (
    Entry,
    Label,
    Objection,
    Operator,
    Post,
    PostState,
    Reason,
    RecordedItem,
    Truth,
    Verdict,
)
from scrapers import Item
from tests.store.samples import CHANNEL, NOW, item

MARK = "\N{ZERO WIDTH NO-BREAK SPACE}"
URALS = ZoneInfo("Asia/Yekaterinburg")
DAY_ALONE = datetime(2024, 3, 9, tzinfo=URALS)


def entry_of(news: Item, **said: object) -> Entry:
    told: dict[str, object] = {"label": None, "posts": (), **said}
    return Entry(
        RecordedItem(12, news, NOW, False, (news.source, "Голос")),
        Verdict(Reason.BAD, 0.875, 0.5, "model-1", "of item 3"),
        NOW + timedelta(minutes=1),
        **told,  # type: ignore[arg-type]
    )


FULL = entry_of(
    item(3, published=datetime(2024, 3, 9, 8, tzinfo=URALS)),
    label=Label(1, 12, Truth.GOOD, Operator(5, "Анна"), NOW, Reason.BAD),
    drawn=True,
    posts=(Post(1, 12, CHANNEL, PostState.SENT, True, NOW, message_id=41, sent_at=NOW),),
)


def written(form: Format, *entries: Entry, **said: Any) -> str:
    file = io.StringIO(newline="")
    open_writer(file, form, **said).write(entries)
    return file.getvalue()


def rows(text: str, delimiter: str = ",") -> list[dict[str, str]]:
    lines = io.StringIO(text.removeprefix(MARK), newline="")
    return list(csv.DictReader(lines, delimiter=delimiter))


def test_a_json_line_tells_all_that_is_known_of_an_item() -> None:
    (line,) = written(Format.JSONL, FULL).splitlines()
    assert json.loads(line) == {
        "id": 12,
        "decided_at": "2024-03-09T12:31:15.000250+00:00",
        "decision": "reject",
        "reason": "bad",
        "detail": "of item 3",
        "score": 0.875,
        "threshold": 0.5,
        "model": "model-1",
        "title": "В Заречье открыли мост номер 3",
        "url": "https://gazeta.example/news/3",
        "sources": ["gazeta", "Голос"],
        "published": "2024-03-09T08:00:00+05:00",
        "seen_at": "2024-03-09T12:30:15.000250+00:00",
        "label": "good",
        "labelled_by": "Анна",
        "labelled_at": "2024-03-09T12:30:15.000250+00:00",
        "objection": None,
        "drawn": True,
        "posts": [
            {
                "chat": CHANNEL,
                "state": "sent",
                "wanted": True,
                "where": "posted",
                "message_id": 41,
                "sent_at": "2024-03-09T12:30:15.000250+00:00",
            }
        ],
    }


def test_csv_tells_the_same_in_the_same_columns() -> None:
    (row,) = rows(written(Format.CSV, FULL))
    (line,) = written(Format.JSONL, FULL).splitlines()
    record = json.loads(line)
    assert list(row) == list(record)
    same = set(record) - {"id", "score", "threshold", "sources", "objection", "drawn", "posts"}
    assert {key: row[key] for key in same} == {key: record[key] for key in same}
    assert (row["id"], row["score"], row["threshold"]) == ("12", "0.875", "0.5")
    assert (row["objection"], row["drawn"]) == ("", "yes")
    assert (row["sources"], row["posts"]) == ("gazeta; Голос", f"posted {CHANNEL} 41")


BAD = Label(2, 12, Truth.BAD, Operator(5, "Анна"), NOW, Reason.GOOD, Objection.AD)


@pytest.mark.parametrize(
    ("state", "wanted", "held", "label", "told"),
    [
        (PostState.QUEUED, True, False, None, "queued"),
        (PostState.QUEUED, False, True, None, "waiting"),
        (PostState.QUEUED, False, True, BAD, "withheld"),
        (PostState.QUEUED, False, False, BAD, "withheld"),
        (PostState.SENT, False, False, BAD, "stranded"),
        (PostState.UNCERTAIN, False, False, BAD, "uncertain-unwanted"),
        (PostState.REMOVED, False, False, BAD, "removed"),
        (PostState.REMOVED, True, False, None, "returning"),
    ],
)
def test_of_a_post_it_is_told_what_becomes_of_it(
    state: PostState, wanted: bool, held: bool, label: Label | None, told: str
) -> None:
    post = Post(1, 12, CHANNEL, state, wanted, NOW, held=held)
    accepted = Verdict(Reason.GOOD, 0.125, 0.5, "model-1")
    entry = replace(entry_of(item(), label=label, posts=(post,)), verdict=accepted)
    (row,) = rows(written(Format.CSV, entry))
    assert row["posts"] == f"{told} {CHANNEL}"
    (told_of,) = json.loads(written(Format.JSONL, entry))["posts"]
    assert (told_of["state"], told_of["wanted"], told_of["where"]) == (state.value, wanted, told)


def test_why_an_operator_objects_is_written() -> None:
    (row,) = rows(written(Format.CSV, entry_of(item(), label=BAD)))
    assert (row["label"], row["objection"], row["drawn"]) == ("bad", "ad", "no")


def test_what_is_not_known_is_null_in_json_and_empty_in_csv() -> None:
    bare = entry_of(item())
    assert json.loads(written(Format.JSONL, bare))["label"] is None
    (row,) = rows(written(Format.CSV, bare))
    assert (row["label"], row["published"], row["posts"]) == ("", "", "")


def test_texts_are_written_when_they_are_asked_for() -> None:
    text = FULL.recorded.item.text
    assert json.loads(written(Format.JSONL, FULL, texts=True))["text"] == text
    assert rows(written(Format.CSV, FULL, texts=True))[0]["text"] == text


def test_an_empty_csv_still_has_its_columns() -> None:
    assert written(Format.CSV).startswith(f"{MARK}id,decided_at,decision,")
    assert written(Format.JSONL) == ""


@pytest.mark.parametrize("delimiter", Delimiter)
def test_csv_begins_with_the_mark_that_excel_needs_and_has_the_delimiter_asked_for(
    delimiter: Delimiter,
) -> None:
    text = written(Format.CSV, FULL, delimiter=delimiter)
    assert text.startswith(f"{MARK}id{delimiter.sign}decided_at{delimiter.sign}")
    (row,) = rows(text, delimiter.sign)
    assert (row["title"], row["sources"]) == (FULL.recorded.item.title, "gazeta; Голос")


def test_with_semicolons_figures_and_moments_are_those_of_the_russian_excel() -> None:
    moscow = ZoneInfo("Europe/Moscow")
    day = replace(FULL, recorded=replace(FULL.recorded, item=item(3, published=DAY_ALONE)))
    text = written(Format.CSV, FULL, day, delimiter=Delimiter.SEMICOLON, zone=moscow)
    row, dated = rows(text, ";")
    assert (row["score"], row["threshold"]) == ("0,875", "0,5")
    assert (row["decided_at"], row["seen_at"]) == ("2024-03-09 15:31:15", "2024-03-09 15:30:15")
    assert (row["labelled_at"], row["published"]) == ("2024-03-09 15:30:15", "2024-03-09 06:00:00")
    assert dated["published"] == "2024-03-09"


@pytest.mark.parametrize(
    "title",
    [
        "=HYPERLINK(1)",
        "+7 800 бесплатно",
        "-1+1|cmd",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "\n=1",
        "  =1+1",
        "\xa0=1",
    ],
)
def test_no_title_is_a_formula_in_a_spreadsheet_and_json_has_it_as_it_is(title: str) -> None:
    entry = entry_of(item(1, title=title, source=title))
    (row,) = rows(written(Format.CSV, entry))
    assert row["title"] == f"'{title}"
    assert row["sources"].startswith("'")
    assert json.loads(written(Format.JSONL, entry))["title"] == title


@pytest.mark.parametrize("title", ["Минус 5 градусов", "А = Б", "«Да»", "", "5+5"])
def test_other_titles_stay_as_they_are(title: str) -> None:
    assert harmless(title) == title


def test_lines_of_a_title_stay_in_one_cell_and_one_json_line() -> None:
    odd = entry_of(item(1, title='Строка;"кавычки",\nвторая\u2028третья'))
    (row,) = rows(written(Format.CSV, odd))
    assert row["title"] == odd.recorded.item.title
    assert written(Format.JSONL, odd).count("\n") == 1


@pytest.mark.parametrize(
    ("said", "moment"),
    [
        ("2024-03-09", datetime(2024, 3, 8, 19, tzinfo=timezone.utc)),
        ("2024-03-09T12:30", datetime(2024, 3, 9, 7, 30, tzinfo=timezone.utc)),
        ("2024-03-09T12:30+00:00", datetime(2024, 3, 9, 12, 30, tzinfo=timezone.utc)),
        ("7d", NOW - timedelta(days=7)),
        ("1h30m", NOW - timedelta(hours=1, minutes=30)),
    ],
)
def test_since_is_a_day_of_the_zone_a_moment_or_how_long_ago(said: str, moment: datetime) -> None:
    assert moment_of(said, NOW, URALS) == moment


@pytest.mark.parametrize("said", ["yesterday", "7", "", "-7d", "99999999w", "0001-01-01", "7d\n"])
def test_what_names_no_moment_is_told(said: str) -> None:
    with pytest.raises(typer.BadParameter, match="neither a day"):
        moment_of(said, NOW, URALS)
