"""The commands that look, write and carry in and out."""

from __future__ import annotations

import csv
import json
from dataclasses import replace

import pytest

from tests.emulator import Chat, Emulator, User
from tests.newsserver import NewsServer, page, status
from tests.process.home import Ended, Home
from tests.process.stories import BRIDGE, FLOOD, GARDEN

pytestmark = pytest.mark.process


def rows_of(ended: Ended) -> list[dict[str, object]]:
    return [json.loads(line) for line in ended.out.splitlines()]


async def test_init_writes_settings_that_check_understands(home: Home) -> None:
    home.settings = {}
    written = await home.do("init", "mine")
    assert written.code == 0, written.log

    checked = await home.do("check", "--config", "mine/newsieve.toml", "--json")

    (wrong,) = [found for found in json.loads(checked.out)["checks"] if not found["ok"]]
    assert wrong["detail"].startswith("source: none is configured")
    assert checked.code == 2


async def test_init_overwrites_nothing(home: Home) -> None:
    home.settings = {}
    await home.do("init")
    assert "is there already" in (await home.do("init")).complaint(1)


async def test_check_tries_everything_and_hides_the_secrets(
    home: Home, news: NewsServer, telegram: Emulator, channel: Chat
) -> None:
    home.add_source("Вести", news.publish("/feed.xml", [BRIDGE]))
    home.add_source("сломан", news.serve("/broken", status(404)))

    checked = await home.do("check")

    assert checked.code == 1
    assert telegram.token not in checked.out
    assert "the bot can post there" in checked.out
    assert BRIDGE.title in checked.out
    assert "404" in checked.out
    assert not channel.visible


async def test_preview_shows_what_would_become_of_a_feed_and_records_nothing(
    home: Home, news: NewsServer
) -> None:
    feed = news.publish("/feed.xml", [BRIDGE, FLOOD])

    seen = json.loads((await home.do("preview", feed, "--json")).out)

    verdicts = {look["title"]: (look["verdict"], look["reason"]) for look in seen}
    assert verdicts == {BRIDGE.title: ("accept", "good"), FLOOD.title: ("reject", "bad")}
    assert "мост" in next(look["lemmas"] for look in seen if look["title"] == BRIDGE.title)
    assert not home.database.exists()


async def test_preview_reads_a_single_article(home: Home, news: NewsServer) -> None:
    long = replace(BRIDGE, text=" ".join([BRIDGE.text] * 5))
    news.publish("/feed.xml", [long])

    (look,) = json.loads((await home.do("preview", news.address("/most"), "--json")).out)

    assert look["title"] == BRIDGE.title


async def test_preview_without_settings_stays_out_of_private_networks(
    home: Home, news: NewsServer
) -> None:
    home.settings = {}
    private = await home.do("preview", news.publish("/feed.xml", [BRIDGE]))
    assert "is not permitted" in private.complaint(1)


async def test_preview_of_nothing_is_one_clear_line(home: Home, news: NewsServer) -> None:
    address = news.serve(
        "/picture", page(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40, "image/png")
    )
    assert address in (await home.do("preview", address)).complaint(1)


async def test_score_answers_each_line_in_order_without_settings(home: Home) -> None:
    home.settings = {}
    lines = [
        {"id": "б", "title": "Скидки", "text": "Только сегодня скидки, звоните прямо сейчас!"},
        {"text": "В областном центре открыли новую школу, сообщили в министерстве."},
        {"id": 3, "text": ""},
    ]
    (home.folder / "in.jsonl").write_text(
        "\n".join(json.dumps(line) for line in lines) + "\n", encoding="utf-8"
    )

    scored = await home.do("score", "in.jsonl")

    rows = rows_of(scored)
    assert [row["id"] for row in rows] == ["б", None, 3]
    assert [set(row) for row in rows] == [{"id", "score", "verdict", "model"}] * 3
    assert all(0 <= float(str(row["score"])) <= 1 for row in rows)
    assert rows[0]["verdict"] == "reject"


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("{", "line 2: not JSON"),
        ("[" * 100_000, "line 2: not JSON"),
        ("[]", "line 2: needs"),
        ('{"text": 5}', "line 2: needs"),
        ('{"text": null}', "line 2: needs"),
        ('{"text": ["Парк"]}', "line 2: needs"),
    ],
)
async def test_score_stops_at_a_line_that_is_wrong(home: Home, line: str, told: str) -> None:
    (home.folder / "in.jsonl").write_text(f'\ufeff{{"text": "Открыт парк"}}\n{line}\n')

    scored = await home.do("score", "in.jsonl")

    assert told in scored.complaint(1)
    assert len(rows_of(scored)) == 1


async def test_half_a_character_is_scored_and_given_back_as_it_came(home: Home) -> None:
    (home.folder / "in.jsonl").write_text('{"id": "\\ud83d", "text": "Парк \\ude00"}\n')
    (row,) = rows_of(await home.do("score", "in.jsonl"))
    assert row["id"] == "\ud83d"


async def test_labels_of_operators_go_out_and_come_in_again(
    home: Home, news: NewsServer, telegram: Emulator, channel: Chat, operator: User
) -> None:
    home.add_source("Вести", news.publish("/feed.xml", [BRIDGE]))
    await home.do("once")
    operator.say("/bad 1")
    await home.do("once")

    (row,) = rows_of(await home.do("labels", "export"))
    assert (row["title"], row["label"], row["operator"]) == (BRIDGE.title, 1, "Оператор")

    assert (await home.do("labels", "export", "out.csv")).code == 0
    with (home.folder / "out.csv").open(encoding="utf-8", newline="") as file:
        assert [line["label"] for line in csv.DictReader(file)] == ["1"]
    (home.folder / "more.csv").write_text("text,label\nСкидки до 70 %,bad\nОткрыт парк,0\n")
    assert (await home.do("labels", "import", "more.csv")).out.startswith("2 labels imported")
    assert (await home.do("labels", "import", "more.csv")).out.startswith("0 labels imported, 2")
    assert len(rows_of(await home.do("labels", "export"))) == 3


async def test_a_wrong_label_file_changes_nothing(home: Home) -> None:
    (home.folder / "wrong.jsonl").write_text(
        '{"text": "a", "label": 0}\n{"text": "b", "label": 7}\n'
    )
    assert "line 2" in (await home.do("labels", "import", "wrong.jsonl")).complaint(1)
    assert (await home.do("labels", "export")).out == ""


async def test_once_obeys_the_commands_that_wait(
    home: Home, news: NewsServer, channel: Chat, operator: User
) -> None:
    home.add_source("Вести", news.publish("/feed.xml", [BRIDGE]))
    await home.do("once")
    assert len(channel.visible) == 1
    operator.say("/bad 1")

    ended = await home.do("once")

    assert ended.code == 0, ended.log
    assert not channel.visible


async def test_sources_are_listed_with_their_last_failure(home: Home, news: NewsServer) -> None:
    home.add_source("Вести", news.publish("/feed.xml", [BRIDGE, GARDEN]))
    home.add_source("сломан", news.serve("/broken", status(500)))
    await home.do("once")

    rows = json.loads((await home.do("source", "list", "--json")).out)

    assert [(row["name"], row["failures"]) for row in rows] == [("Вести", 0), ("сломан", 1)]
    assert "500" in rows[1]["error"]
    assert rows[0]["last_success_at"] == rows[0]["last_good_at"] == rows[0]["last_news_at"]
    assert [row["health"] for row in rows] == ["fine", "not read yet (unreachable just now?)"]
    assert rows[0]["usual"] == 2


async def test_the_preview_channel_needs_no_telegram(home: Home, news: NewsServer) -> None:
    home.settings |= {"telegram": {}, "channel": [{"chat": "preview"}]}
    home.add_source("Вести", news.publish("/feed.xml", [BRIDGE, FLOOD]))

    ended = await home.do("once")

    assert ended.code == 0, ended.log
    assert BRIDGE.title in ended.out
    shown = (home.folder / "newsieve-preview.html").read_text(encoding="utf-8")
    assert BRIDGE.title in shown
    assert FLOOD.title in shown


async def test_a_page_that_cannot_be_written_stops_nothing_else(
    home: Home, news: NewsServer
) -> None:
    home.settings |= {
        "telegram": {},
        "channel": [{"chat": "preview"}],
        "preview": {"page": "/proc/page.html"},
    }
    home.add_source("Вести", news.publish("/feed.xml", [BRIDGE]))

    ended = await home.do("once")

    assert ended.code == 0, ended.log
    (record, *_) = ended.records_of("page_not_written")
    assert "/proc/page.html" in record["message"]
    assert BRIDGE.title in ended.out


async def test_a_demo_page_that_cannot_be_written_is_one_clear_line(home: Home) -> None:
    home.settings = {}
    assert "/proc/page.html" in (await home.do("demo", "--page", "/proc/page.html")).complaint(1)


@pytest.mark.parametrize("unbuffered", ["", "1"])
async def test_a_full_disk_behind_the_output_is_one_clear_line(home: Home, unbuffered: str) -> None:
    home.settings = {}
    (home.folder / "in.jsonl").write_text('{"text": "Открыт парк"}\n')
    full = await home.do(
        *("score", "in.jsonl"),
        wrapper=("sh", "-c", 'exec "$@" >/dev/full', "sh"),
        environment={"PYTHONUNBUFFERED": unbuffered},
    )
    assert "No space left" in full.complaint(1)


async def test_demo_posts_and_rejects_with_reasons(home: Home) -> None:
    home.settings = {}
    ended = await home.do("demo", "--json", "--page", "out/page.html", anew=True)

    assert ended.code == 0, ended.log
    told = json.loads(ended.out)
    assert told["posted"]
    assert {"bad", "duplicate", "stale", "short"} <= {item["reason"] for item in told["rejected"]}
    assert (home.folder / "out/page.html").read_text(encoding="utf-8").startswith("<!DOCTYPE html>")


async def test_training_without_keras_tells_what_to_install(home: Home) -> None:
    rows = [{"text": f"Новость номер {n} о парке", "label": n % 2} for n in range(40)]
    (home.folder / "data.jsonl").write_text("\n".join(map(json.dumps, rows)))
    # Keras is no need of the tests; this one hides what may be there.
    (home.folder / "hidden/keras").mkdir(parents=True)
    (home.folder / "hidden/keras/__init__.py").write_text("raise ImportError('hidden')\n")
    command = ("train", "data.jsonl", "-o", "out", "--engine", "keras")
    ended = await home.do(*command, environment={"PYTHONPATH": str(home.folder / "hidden")})
    assert "newsieve[train]" in ended.complaint(1)
    assert not (home.folder / "out").exists()
