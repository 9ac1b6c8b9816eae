"""From the labels in the store to another model in use."""

from __future__ import annotations

import asyncio
import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from bot.current import CURE, CurrentModel, look_up, open_current
from bot.errors import BotError, StoreError
from bot.lessons import lessons_of
from bot.lineage import Origin
from bot.model import Objection, Operator, Reason, Truth
from bot.reports import outcome_lines
from bot.retraining import install_model, retrain_model, roll_back
from bot.store import LabelledText, Store, Work, hold
from bot.trainer import Trainer
from classifier import Classifier, ModelError, load_bundle
from classifier.saving import write_bundle
from classifier.training.gate import Answer
from config import Settings
from tests.classifier import models
from tests.classifier.retraining import GOSSIP, LOTTERY, corrections, small_model, texts
from tests.process.model import write_model
from tests.store.samples import ANNA, NOW
from tests.store.taught import teach


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings that name the small model; models go to a folder beside it."""
    write_bundle(small_model(), tmp_path / "start")
    return configured(tmp_path)


def configured(folder: Path, model: str = "start", **more: object) -> Settings:
    said = {"model": folder / model, "models": folder / "models", **more}
    url = f"sqlite:///{folder / 'newsieve.db'}"
    return Settings.model_validate({"classifier": said, "store": {"url": url}})


def folders(settings: Settings) -> list[str]:
    models = settings.classifier.models
    return sorted(path.name for path in models.iterdir()) if models.exists() else []


def calls_bad(classifier: Classifier, words: tuple[str, ...] = LOTTERY) -> bool:
    scores = classifier.score(texts(20, words, 999))
    return sum(score.value > classifier.threshold for score in scores) > 10


# What labels teach.


def text_of(label: Truth, reason: Reason | None = None, text: str = "Текст") -> LabelledText:
    return LabelledText("", text, label, reason, "operator", NOW)


@pytest.mark.parametrize(
    "reason", [Reason.DUPLICATE, Reason.STALE, Reason.SHORT, Reason.LANGUAGE, Reason.SEEDED]
)
def test_a_good_text_that_was_not_rejected_for_its_content_teaches_nothing(reason: Reason) -> None:
    assert lessons_of([text_of(Truth.GOOD, reason)], []) == []
    assert len(lessons_of([text_of(Truth.BAD, reason)], [])) == 1


@pytest.mark.parametrize(
    ("objection", "lessons"),
    [
        (None, 1),
        (Objection.AD, 1),
        (Objection.OFF_TOPIC, 1),
        (Objection.OTHER, 1),
        (Objection.DUPLICATE, 0),
        (Objection.OLD, 0),
    ],
)
def test_a_text_that_is_bad_for_no_fault_of_its_own_teaches_nothing(
    objection: Objection | None, lessons: int
) -> None:
    row = LabelledText("", "Текст", Truth.BAD, Reason.GOOD, objection=objection)
    assert len(lessons_of([row], [])) == lessons


@pytest.mark.parametrize("reason", [None, Reason.GOOD, Reason.UNSURE, Reason.BAD, Reason.RULE])
def test_a_text_that_was_judged_by_what_it_says_teaches_by_either_label(
    reason: Reason | None,
) -> None:
    for truth in Truth:
        (lesson,) = lessons_of([text_of(truth, reason)], [])
        assert (lesson.label, lesson.at, lesson.imported) == (int(truth), NOW, False)


def test_an_operators_label_counts_before_an_imported_one() -> None:
    (lesson,) = lessons_of([text_of(Truth.GOOD, Reason.BAD)], [text_of(Truth.BAD)])
    assert (lesson.label, lesson.imported) == (0, False)
    (lesson,) = lessons_of([text_of(Truth.GOOD, Reason.STALE)], [text_of(Truth.BAD)])
    assert (lesson.label, lesson.imported) == (1, True)


def test_title_and_text_are_read_as_they_are_scored() -> None:
    (lesson,) = lessons_of([LabelledText("Заголовок", "Текст", Truth.BAD)], [])
    assert lesson.text == "Заголовок. Текст" or lesson.text.startswith("Заголовок")
    assert lessons_of([LabelledText("", " ", Truth.BAD)], []) == []


# Retraining.


async def test_honest_corrections_bring_a_better_model_into_use(
    settings: Settings, store: Store
) -> None:
    await teach(store, corrections())
    outcome = await retrain_model(settings, store, ANNA)
    assert outcome.report.answer is Answer.ACCEPTED
    stored = outcome.stored
    assert stored is not None
    assert (stored.origin, stored.operator, stored.root) == (Origin.RETRAINED, ANNA, None)
    assert stored.replaced == load_bundle(settings.classifier.model or "").identity
    assert folders(settings) == [stored.folder]
    assert calls_bad(await open_current(settings))
    last = await store.models.last_training()
    assert last is not None
    assert (last.answer, last.model) == ("accepted", stored.name)
    lines = "\n".join(outcome_lines(outcome.report, stored))
    assert f"{stored.name} takes the place of {stored.replaced}." in lines
    assert "Newer labels, 18 texts: 18 mistakes before, 0 after" in lines
    assert "Reference set, 220 texts" in lines


async def test_a_poisoned_batch_changes_nothing(settings: Settings, store: Store) -> None:
    flipped = corrections()
    ids = await teach(store, flipped)
    for item_id in ids[::2]:
        await store.labels.add(item_id, Truth.GOOD, ANNA, chats=[], at=NOW)
    outcome = await retrain_model(settings, store, ANNA)
    assert (outcome.report.answer, outcome.stored) == (Answer.REFUSED, None)
    assert folders(settings) == []
    assert not calls_bad(await open_current(settings))
    assert "The model in use stays." in outcome_lines(outcome.report, None)


async def test_mistakes_are_told_by_the_threshold_that_operators_chose(
    settings: Settings, store: Store
) -> None:
    await teach(store, corrections(40))
    base = settings.classifier.threshold
    assert await store.thresholds.choose(0.0, ANNA, base=base, before=None, at=NOW)
    outcome = await retrain_model(settings, store, ANNA, dry_run=True)
    assert outcome.report.threshold == 0.0


async def test_undo_takes_the_label_out_of_the_next_training(
    settings: Settings, store: Store
) -> None:
    ids = await teach(store, corrections(40))
    before = await retrain_model(settings, store, ANNA, dry_run=True)
    for item_id in ids[:11]:
        await store.labels.undo(ANNA, at=NOW, item_id=item_id)
    after = await retrain_model(settings, store, ANNA, dry_run=True)
    assert (before.report.labels, after.report.labels) == (40, 29)
    assert after.report.answer is Answer.TOO_FEW


async def test_the_newest_label_of_an_item_is_the_one_that_teaches(
    settings: Settings, store: Store
) -> None:
    (item_id,) = await teach(store, corrections(1))
    await store.labels.add(item_id, Truth.GOOD, ANNA, chats=[], at=NOW)
    (lesson,) = lessons_of(*await store.labels.texts())
    assert lesson.label == 0


async def test_a_dry_run_writes_nothing(settings: Settings, store: Store) -> None:
    await teach(store, corrections())
    outcome = await retrain_model(settings, store, ANNA, dry_run=True)
    assert (outcome.report.answer, outcome.stored) == (Answer.ACCEPTED, None)
    assert folders(settings) == []
    assert await store.models.last_training() is None


async def test_the_next_training_begins_where_the_first_one_did(
    settings: Settings, store: Store
) -> None:
    await teach(store, corrections())
    first = (await retrain_model(settings, store, ANNA)).stored
    await teach(store, corrections(words=GOSSIP, minutes=900), first=100)
    second = (await retrain_model(settings, store, ANNA)).stored
    assert first is not None
    assert second is not None
    assert second.replaced == first.name
    told = load_bundle(settings.classifier.models / second.folder).provenance["retrained"]
    assert told["from"] == second.start
    assert told["in_place_of"] == first.fingerprint
    current = await open_current(settings)
    assert calls_bad(current)
    assert calls_bad(current, GOSSIP)


async def test_one_training_at_a_time(settings: Settings, store: Store) -> None:
    await teach(store, corrections())
    with hold(settings.store_url, Work.MODELS), pytest.raises(StoreError, match="another newsieve"):
        await retrain_model(settings, store, ANNA)


async def test_a_model_without_base_data_needs_a_file(store: Store, tmp_path: Path) -> None:
    write_model(tmp_path / "model.json")
    bare = configured(tmp_path, "model.json")
    await teach(store, corrections())
    with pytest.raises(ModelError, match=r"cannot be retrained here.*--data FILE"):
        await retrain_model(bare, store, ANNA)
    (tmp_path / "data.jsonl").write_text('{"text": "один", "label": 0}\n', encoding="utf-8")
    with pytest.raises(ModelError, match="every row is good"):
        await retrain_model(bare, store, ANNA, data=tmp_path / "data.jsonl")


async def training(folder: Path) -> None:
    """Return once a training goes on."""
    while not (folder / "newsieve.db.models.lock").exists():
        await asyncio.sleep(0)


async def test_a_training_that_is_cancelled_changes_nothing(
    settings: Settings, store: Store, tmp_path: Path
) -> None:
    await teach(store, corrections())
    work = asyncio.create_task(retrain_model(settings, store, ANNA))
    await training(tmp_path)
    work.cancel()
    with pytest.raises(asyncio.CancelledError):
        await work
    assert folders(settings) == []
    assert (await look_up(settings, store)).stored is None
    assert (await retrain_model(settings, store, ANNA)).stored is not None


async def test_what_a_killed_process_left_half_written_is_swept_away(
    settings: Settings, store: Store
) -> None:
    left = settings.classifier.models / ".small-r1-0a1b2c3d-x7y8z9ab"
    (left / "new").mkdir(parents=True)
    await teach(store, corrections())
    outcome = await retrain_model(settings, store, ANNA)
    assert outcome.stored is not None
    assert folders(settings) == [outcome.stored.folder]


# Installing, rolling back, and the settings.


async def test_an_installed_model_is_copied_and_in_use(
    settings: Settings, store: Store, tmp_path: Path
) -> None:
    models.saved(tmp_path / "other")
    (tmp_path / "other" / "MODEL_CARD.md").write_text("# Карточка", encoding="utf-8")
    (tmp_path / "other" / "learning-curves.svg").write_text("<svg/>", encoding="utf-8")
    stored = await install_model(settings, store, tmp_path / "other", ANNA)
    shutil.rmtree(tmp_path / "other")
    assert (await open_current(settings)).model == stored.name
    card = settings.classifier.models / stored.folder / "MODEL_CARD.md"
    assert card.read_text(encoding="utf-8") == "# Карточка"
    assert card.with_name("learning-curves.svg").read_text(encoding="utf-8") == "<svg/>"
    with pytest.raises(BotError, match="is in use already"):
        await install_model(settings, store, settings.classifier.models / stored.folder, ANNA)


async def test_a_model_that_does_not_answer_as_was_recorded_is_not_installed(
    settings: Settings, store: Store, tmp_path: Path
) -> None:
    folder = models.saved(tmp_path / "other")
    weights = models.bundle(**{"score/bias": models.tensors(9)["score/bias"]})
    files = write_bundle(weights, tmp_path / "changed")
    assert files.parity is not None
    for name in ("parity.json", "parity.safetensors"):
        models.rewrite(tmp_path / "changed", name, (folder / name).read_bytes())
    with pytest.raises(ModelError, match="does not answer as was recorded: differs at 'score'"):
        await install_model(settings, store, tmp_path / "changed", ANNA)
    assert (await look_up(settings, store)).stored is None


async def test_a_one_file_json_can_be_installed(
    settings: Settings, store: Store, tmp_path: Path
) -> None:
    stored = await install_model(settings, store, write_model(tmp_path / "model.json"), ANNA)
    assert (await open_current(settings)).model == stored.name
    assert stored.origin is Origin.INSTALLED


async def test_learning_begins_at_the_model_that_was_installed(
    settings: Settings, store: Store, tmp_path: Path
) -> None:
    models.saved(tmp_path / "other")
    elsewhere = configured(tmp_path, "other")
    installed = await install_model(elsewhere, store, tmp_path / "start", ANNA)
    await teach(store, corrections())
    retrained = (await retrain_model(elsewhere, store, ANNA)).stored
    assert retrained is not None
    assert retrained.root == installed.id


async def test_a_rollback_brings_the_model_before_back(settings: Settings, store: Store) -> None:
    await teach(store, corrections())
    await retrain_model(settings, store, ANNA)
    gone = await roll_back(settings, store, ANNA)
    assert gone is not None
    assert gone[1].path == settings.classifier.model
    assert not calls_bad(await open_current(settings))
    assert await roll_back(settings, store, ANNA) is None


async def test_another_model_in_the_settings_wins_and_the_old_one_comes_back_with_them(
    settings: Settings,
    store: Store,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    await teach(store, corrections())
    stored = (await retrain_model(settings, store, ANNA)).stored
    assert stored is not None
    models.saved(tmp_path / "other")
    current = await CurrentModel.open(configured(tmp_path, "other"), store)
    assert current.classifier.model.startswith("small-")
    assert current.in_use.stored is None
    assert f"model {stored.name} is not used" in caplog.text
    assert (await CurrentModel.open(settings, store)).classifier.model == stored.name


@pytest.mark.parametrize("damage", ["missing", "changed", "another"])
async def test_a_model_in_use_that_cannot_be_read_is_told_with_the_way_back(
    settings: Settings, store: Store, damage: str
) -> None:
    await teach(store, corrections())
    stored = (await retrain_model(settings, store, ANNA)).stored
    assert stored is not None
    folder = settings.classifier.models / stored.folder
    if damage == "missing":
        shutil.rmtree(folder)
    elif damage == "changed":
        (folder / "model.safetensors").write_bytes(b"")
    else:
        write_bundle(small_model(), folder)
    with pytest.raises(ModelError, match=CURE) as caught:
        await CurrentModel.open(settings, store)
    assert stored.folder in str(caught.value)
    assert await roll_back(settings, store, ANNA) is not None
    await CurrentModel.open(settings, store)


async def test_a_process_follows_a_switch_and_keeps_its_model_if_it_cannot(
    settings: Settings, store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    current = await CurrentModel.open(settings, store)
    before = current.classifier
    await current.follow()
    assert current.classifier is before
    await teach(store, corrections())
    stored = (await retrain_model(settings, store, ANNA)).stored
    assert stored is not None
    folder = settings.classifier.models / stored.folder
    away = folder.rename(folder.with_name("away"))
    for _ in range(2):
        await current.follow()
        assert current.classifier is before
    assert caplog.text.count("goes on:") == 1
    away.rename(folder)
    await current.follow()
    assert current.classifier.model == stored.name


# The trainer.


class Chats:
    """What chats are told."""

    def __init__(self) -> None:
        self.told: list[tuple[str, str]] = []

    async def tell(self, chat: str, html: str) -> None:
        self.told.append((chat, html))


async def trainer_of(settings: Settings, store: Store, chats: Chats) -> Trainer:
    return Trainer(settings, store, await CurrentModel.open(settings, store), chats.tell)


async def test_whoever_asks_is_told_what_came_of_it_and_the_process_follows(
    settings: Settings, store: Store
) -> None:
    await teach(store, corrections())
    chats = Chats()
    trainer = await trainer_of(settings, store, chats)
    assert trainer.ask(ANNA, "7")
    assert not trainer.ask(ANNA, "8")
    await trainer.work_off(asyncio.Event())
    ((chat, told),) = chats.told
    assert chat == "7"
    assert told.startswith("Accepted: it cures 18 of 18 mistakes")
    assert trainer.loaded.startswith("small-r1-")
    assert trainer.ask(ANNA, "7")


async def test_what_cannot_be_trained_is_told_and_recorded(store: Store, tmp_path: Path) -> None:
    write_model(tmp_path / "model.json")
    chats = Chats()
    trainer = await trainer_of(configured(tmp_path, "model.json"), store, chats)
    trainer.ask(ANNA, "7")
    await trainer.work_off(asyncio.Event())
    assert "The model was not retrained: cannot be retrained here" in chats.told[0][1]
    last = await store.models.last_training()
    assert last is not None
    assert last.answer == "failed"


async def test_on_a_schedule_it_trains_when_it_is_time_and_not_before(
    settings: Settings, store: Store, tmp_path: Path
) -> None:
    chats = Chats()
    trainer = await trainer_of(settings, store, chats)
    await trainer.work_off(asyncio.Event())
    assert await store.models.last_training() is None
    often = configured(tmp_path, retrain_every=timedelta(days=7))
    trainer = await trainer_of(often, store, chats)
    await trainer.work_off(asyncio.Event())
    first = await store.models.last_training()
    assert first is not None
    assert (first.answer, first.operator) == ("too few to tell", Operator(0, "schedule"))
    await trainer.work_off(asyncio.Event())
    assert await store.models.last_training() == first
    assert chats.told == []


async def test_the_end_of_the_process_breaks_a_training_off(
    settings: Settings, store: Store, tmp_path: Path
) -> None:
    await teach(store, corrections())
    trainer = await trainer_of(settings, store, Chats())
    stop = asyncio.Event()
    trainer.ask(ANNA, "7")
    running = asyncio.create_task(trainer.run(stop))
    await training(tmp_path)
    stop.set()
    await running
    assert (await look_up(settings, store)).stored is None
