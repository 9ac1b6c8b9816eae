"""Settings and models that cannot be used: operators are told so in their own language."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import get_args

import pytest
from pydantic import BaseModel, ValidationError

import bot
import classifier
import config
from bot.commands.outcomes import in_english
from bot.commands.reload import outcome_of
from bot.current import CURE
from bot.language import speaking
from bot.reloading import Reloader
from bot.retold import all_retold, retold
from bot.store import Work
from bot.styles import styles_of
from classifier import ModelError, load_bundle
from config import Settings, load_settings
from config.problems import describe_problems
from tests.bot.recorded_lines import arguments_of, nodes_of, sample, sentences_of

BOT, CLASSIFIER, CONFIG = (Path(str(one.__file__)).parent for one in (bot, classifier, config))

NO_MESSAGES = {
    "folder of the settings file",
    "Value error, ",
    "is there already",  # of `newsieve init`
    "channel 7: 7",  # a key
    "; did you mean '7'?",  # the end of one
    "source[2].url",
}
PUT_TOGETHER = {"7", "7: 7", "7: no such setting7"}
"""What is left of a line whose words stand elsewhere in the code."""


def untold(lines: Iterator[tuple[str, str]]) -> dict[str, str]:
    """Return the lines that have no Russian form, by where they stand."""
    given = dict(lines)
    assert given
    assert all(retold(line) == line for line in given.values())
    with speaking("ru"):
        return {where: line for where, line in given.items() if retold(line) == line}


def test_whatever_is_said_of_settings_has_a_russian_form() -> None:
    said = (line for path in CONFIG.glob("*.py") for line in sentences_of(path))
    assert {
        where: line
        for where, line in untold(said).items()
        if line not in NO_MESSAGES | PUT_TOGETHER
    } == {}


ODD: tuple[object, ...] = (
    5,
    -5,
    10**30,
    1.5,
    float("nan"),
    True,
    "",
    "x" * 400,
    "x",
    "~nobody/x",
    "Europe",
    None,
)
ODD += ([], [0.1, 0.2, 0.3], ["x"], [[1]], {}, {"odd": 1}, date(2024, 1, 1))


def sections_of(model: type[BaseModel]) -> Iterator[type[BaseModel]]:
    yield model
    for field in model.model_fields.values():
        for kind in (field.annotation, *get_args(field.annotation)):
            if isinstance(kind, type) and issubclass(kind, BaseModel):
                yield from sections_of(kind)


def mistakes() -> Iterator[tuple[str, str]]:
    """Yield what is told of the settings with odd values, each thing once."""
    told: set[str] = set()
    for section in sections_of(Settings):
        for key in section.model_fields:
            for value in ODD:
                try:
                    section(**{key: value})
                except ValidationError as error:
                    problems = {*describe_problems(error, section)} - told
                    told |= problems
                    yield from ((f"{section.__name__} {problem}", problem) for problem in problems)


def test_whatever_is_wrong_with_a_value_is_told_in_russian() -> None:
    assert untold(mistakes()) == {}


def test_whatever_is_wrong_with_a_template_or_with_a_list_of_sources_is_too() -> None:
    errors = {
        "post_template.py": ("TemplateError", "_NoLinkError"),
        "sandbox.py": ("TooMuchError",),
        "markup.py": ("ValueError",),
    }
    said = [
        line
        for name, raised in errors.items()
        for error in raised
        for line in arguments_of(BOT / name, error, 0)
    ]
    said += sentences_of(BOT / "sourcebook.py")
    known = PUT_TOGETHER | {
        "77",
        "source: 7; `newsieve init` writes both",
        "there is no newsieve.toml here that a 7 could stand beside",
    }
    assert {w: line for w, line in untold(iter(said)).items() if line not in known} == {}


IMPORTERS = {"custom.py", "weights_json.py"}
TRAINING = {"fine_tune.py", "fit.py", "gate.py", "material.py", "objective.py", "retrain.py"}
"""What operators can bring about; the rest is for the command line."""


def reaches_a_chat(path: Path) -> bool:
    folder = path.relative_to(CLASSIFIER).parts[0]
    if folder == "importers":
        return path.name in IMPORTERS
    if folder == "training":
        return path.name in TRAINING or path.parent.name == "gradients"
    return path.name not in {"records.py", "importing.py"}


READERS = [path for path in sorted(CLASSIFIER.rglob("*.py")) if reaches_a_chat(path)]


def test_why_a_model_cannot_be_used_has_a_russian_form() -> None:
    said = [
        line
        for path in READERS
        for error in ("ModelError", "BundleMissing")
        for line in arguments_of(path, error, 0)
    ]
    opening = (BOT / name for name in ("bundles.py", "current.py", "model_folders.py"))
    said += [line for path in opening for line in arguments_of(path, "ModelError", 0)]
    said += [("CURE", CURE), *((work.name, f"another newsieve {work.told}") for work in Work)]
    assert len(said) > 20
    assert {w: line for w, line in untold(iter(said)).items() if line not in PUT_TOGETHER} == {}


SAME = {"JSON", "7", "float32 7", "7: 7"}
"""What is expected in Russian as well."""


def expectations() -> Iterator[tuple[str, str]]:
    """Yield what the code expects of models, and names as found."""
    for path in READERS:
        yield from arguments_of(path, "BundleMismatch", 1, 2)
        for node in nodes_of(path):
            if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "expected":
                yield f"{path.name}:{node.lineno}", sample(node.value)
    yield from arguments_of(CLASSIFIER / "documents.py", "ValueError", 0)


def test_what_was_expected_of_a_model_and_found_has_a_russian_form() -> None:
    said = [
        (where, line) for where, line in expectations() if not (line.isdecimal() or line in SAME)
    ]
    assert len(said) > 100
    with speaking("ru"):
        english = {
            where: line
            for where, line in said
            if f" {line};" in retold(f"expected {line}, found 7")
        }
    assert english == {}


SETTINGS = """{file}
[[channel]]
chat = "preview"
{channel}
[[source]]
name = "Вести"
url = "https://vesti.example/feed"
{source}
"""
BROKEN: Mapping[str, tuple[Mapping[str, str] | None, str]] = {
    "unknown key": ({"file": "[sender]\nper_minut = 3"}, "sender.per_minut: такой настройки нет"),
    "wrong type": ({"file": '[sender]\nper_minute = "x"'}, "sender.per_minute: должно быть числом"),
    "out of range": ({"file": "[filter]\ncyrillic_share = 7"}, "должно быть не больше 1"),
    "not TOML": ({"file": "[telegram"}, "не читается как TOML, строка 1, столбец 10: "),
    "time zone": ({"channel": 'timezone = "Марс"'}, "channel[1].timezone: 'Марс' — не часовой"),
    "folder of zones": ({"channel": 'timezone = "Europe"'}, "'Europe' — не часовой пояс"),
    "model": ({"file": '[classifier]\nmodel = "gone"'}, "gone не существует"),
    "no template": ({"channel": 'template = "gone.j2"'}, "gone.j2 не читается: такого файла"),
    "template": ({"channel": 'template = "post.j2"'}, "в посте нет ссылки на новость"),
    "selector": ({"source": 'link = "a["'}, "source[1].link: не CSS-селектор: "),
    "two sources": (
        {"source": '[[source]]\nname = "Вести"\nurl = "https://b.example"'},
        "source: два источника названы 'Вести'",
    ),
    "gone": (None, "newsieve.toml: такого файла или папки нет"),
    "tag": ({"channel": 'sources = ["спорт"]'}, "нет ни источника, ни тега с именем 'спорт'"),
    "choice": ({"source": 'kind = "rss"'}, "'feed', 'listing', 'sitemap' или 'telegram'"),
}


async def adopt(settings: Settings) -> list[str]:
    """Take other settings over, as far as that may go wrong."""
    styles_of(settings)
    return []


async def reloaded(path: Path, written: Mapping[str, str] | None) -> str:
    """Return what /reload answers in Russian with these settings; None: the file is gone."""
    usual = {"channel": "", "source": "", "file": ""}
    path.write_text(SETTINGS.format(**usual), encoding="utf-8")
    reloader = Reloader(load_settings(path), lambda: load_settings(path), adopt)
    if written is None:
        path.unlink()
    else:
        path.write_text(SETTINGS.format(**{**usual, **written}), encoding="utf-8")
    with speaking("ru"):
        return await outcome_of(reloader.reload)


@pytest.mark.parametrize("mistake", BROKEN)
async def test_reload_tells_a_mistake_in_russian_and_the_log_in_english(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, mistake: str
) -> None:
    (tmp_path / "post.j2").write_text("<b>{{ title }}</b>", encoding="utf-8")
    written, told = BROKEN[mistake]
    opening, line = (await reloaded(tmp_path / "newsieve.toml", written)).splitlines()
    assert opening == "<b>Настройки остались прежними:</b>"
    assert told in line
    (logged,) = caplog.messages
    assert logged.startswith("the settings stay as they were: ")
    assert told not in logged


def test_a_damaged_model_is_told_in_russian(tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text(json.dumps({"schema": 1, "files": []}))
    with pytest.raises(ModelError) as caught:
        load_bundle(tmp_path)
    with speaking("ru"):
        told = retold(f"{caught.value}; this model is in use: {CURE}")
    assert told == (
        f"{tmp_path}: manifest.json: files: ожидалось: объект; найдено: []; эта модель сейчас "
        "работает: `newsieve model rollback` вернёт предыдущую"
    )


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        (
            ["channel[1].sources: no source or tag is named 'a'; 'Радио' stays", "x: missing"],
            "channel[1].sources: нет ни источника, ни тега с именем 'a'; 'Радио' остаётся; "
            "x: не задано",
        ),
        (
            [
                "/m: layer 'g': class 'Gate' is not supported; if it is your own, "
                "name the file that registers it: classifier.custom"
            ],
            "/m: слой 'g': класс 'Gate' не поддерживается; если он ваш собственный, "
            "назовите файл, который его регистрирует: classifier.custom",
        ),
        (["source: one: two: " * 200], "source: one: two: " * 200),
    ],
)
def test_names_stay_and_the_log_has_it_all_in_english(lines: list[str], told: str) -> None:
    with speaking("ru"):
        said = all_retold(lines)
    assert said == told
    assert in_english(said) == "; ".join(lines)
