"""The reason of this project: a box that has only numpy and the lemmatizer."""

from __future__ import annotations

import shutil
import subprocess
import sys
import venv
from pathlib import Path

import pytest

pytestmark = pytest.mark.process

PROJECT = Path(__file__).parents[2]
LEMMATIZER = "pymorphy3" if sys.version_info >= (3, 11) else "pymorphy2"
# pymorphy2 looks for its dictionaries through pkg_resources.
NEEDS = ("numpy", LEMMATIZER, f"{LEMMATIZER}-dicts-ru") + (
    () if sys.version_info >= (3, 11) else ("setuptools<81",)
)
SCORING = """
from classifier import Classifier, default_bundle_path, load_bundle
(score,) = Classifier(load_bundle(default_bundle_path())).score(["В парке посадили двести лип."])
print(score.value)
"""


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Python of its own that has nothing but what scoring needs."""
    folder = tmp_path_factory.mktemp("fresh") / "venv"
    venv.create(folder, with_pip=True)
    python = folder / "bin/python"
    install = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    constraints = ["--constraint", PROJECT / "constraints.txt"]
    subprocess.run([*install, *constraints, *NEEDS], check=True)
    return python


@pytest.mark.timeout(300)
def test_the_default_model_scores_where_only_numpy_and_the_lemmatizer_are(
    python: Path, tmp_path: Path
) -> None:
    shutil.copytree(
        PROJECT / "classifier",
        tmp_path / "classifier",
        ignore=shutil.ignore_patterns("__pycache__"),
    )

    done = subprocess.run(
        [python, "-c", SCORING],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    assert 0 < float(done.stdout) < 1
