"""The reason of this project: a box that has only numpy and the lemmatizer."""

from __future__ import annotations

import json
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
import json, sys
from classifier import Classifier, default_bundle_path, load_bundle
(score,) = Classifier(load_bundle(default_bundle_path())).score(["В парке посадили двести лип."])
print(json.dumps({"score": score.value, "modules": sorted({m.split(".")[0] for m in sys.modules})}))
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
    told = json.loads(done.stdout)
    assert 0 < told["score"] < 1
    known = {"classifier", "numpy", LEMMATIZER, f"{LEMMATIZER}_dicts_ru"}
    helpers = {"dawg", "dawg_python", "dawg2_python", "docopt", "pkg_resources", "setuptools"}
    found = set(told["modules"]) - set(sys.stdlib_module_names) - known - helpers
    assert {name for name in found if not name.startswith("_")} == set()
