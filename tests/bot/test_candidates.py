"""Which of the models that lie around is the one in use."""

from __future__ import annotations

from pathlib import Path

from bot.candidates import holds
from classifier import load_bundle
from classifier.saving import write_bundle
from classifier.text import Cleaner
from tests.process.model import write_model


def test_a_model_is_known_by_what_it_is_and_not_by_the_name_of_its_folder(tmp_path: Path) -> None:
    path = write_model(tmp_path / "model.json")
    folder = tmp_path / "models" / "article"
    written = write_bundle(load_bundle(path, cleaner=Cleaner(yo=False)), folder)
    assert holds(folder, written.identity)
    assert not holds(folder, "article-00000000")
    broken = tmp_path / "models" / "broken"
    broken.mkdir()
    (broken / "manifest.json").write_text("{}", encoding="utf-8")
    assert not holds(broken, written.identity)
