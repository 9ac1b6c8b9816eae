"""Are the tests worth anything? Known mistakes of other ports, made on purpose in a copy of the
source: a named part of the suite must fail for each of them."""

from __future__ import annotations

import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

pytestmark = [pytest.mark.process, pytest.mark.timeout(300)]

PROJECT = Path(__file__).parents[2]
COPIED = ("classifier", "tests/classifier", "tests/recorded")


@dataclass(frozen=True)
class Mutation:
    """A mistake.

    Attributes:
        file: the module of ``classifier`` that has it.
        right: what stands there, once.
        wrong: what stands there after it.
        caught_by: the tests that must fail.
    """

    file: str
    right: str
    wrong: str
    caught_by: str


MUTATIONS = {
    "LSTM gates swapped": Mutation(
        "network/recurrent.py",
        "_IFOC = (0, 1, 3, 2)",
        "_IFOC = (1, 0, 3, 2)",
        "test_recurrent.py",
    ),
    "GRU gates swapped": Mutation(
        "network/cells.py",
        """        update, reset, candidate = work
        np.matmul(states[0], self.recurrent, out=work)""",
        """        reset, update, candidate = work
        np.matmul(states[0], self.recurrent, out=work)""",
        "test_recurrent.py",
    ),
    "reset_after taken for granted": Mutation(
        "network/cells.py",
        """        reset *= states[0]
        np.matmul(reset, self.recurrent[2], out=candidate)""",
        """        np.matmul(states[0], self.recurrent[2], out=candidate)
        candidate *= reset""",
        "test_recurrent.py",
    ),
    "the recurrent bias of a GRU outside the reset": Mutation(
        "network/cells.py",
        """        if self.candidate_bias is not None:
            candidate += self.candidate_bias
        candidate *= reset""",
        """        candidate *= reset
        if self.candidate_bias is not None:
            candidate += self.candidate_bias""",
        "test_recurrent.py",
    ),
    "mask ignored by recurrence": Mutation(
        "network/recurrence.py",
        "masked = None if mask is None else ~mask[:, step, None]",
        "masked = None",
        "test_recurrent.py",
    ),
    "mask ignored by pooling": Mutation(
        "network/pooling.py",
        "        counted = mask[:, :, None].astype(x.dtype)",
        "        counted = np.ones_like(mask)[:, :, None].astype(x.dtype)",
        "test_convolution.py",
    ),
    "the words beside a phrase shifted": Mutation(
        "network/pooled.py",
        "wide[:, self.before : self.before + steps] = ids",
        "wide[:, :steps] = ids",
        "test_phrases.py",
    ),
    "padding cut off that a convolution reads": Mutation(
        "network/trimming.py",
        "before + Margins(*windows.sides(windows.reach))",
        "before",
        "test_trimming.py",
    ),
    "mask ignored by a product": Mutation(
        "network/masked_merging.py",
        "x if mask is None else np.where(mask, x, x.dtype.type(1))",
        "x",
        "test_masked_merging.py",
    ),
    "ids padded on the other side": Mutation(
        "text/keras_tokenizer.py",
        "return slice(-count, None) if self.padding is Side.PRE else slice(count)",
        "return slice(-count, None) if self.padding is Side.POST else slice(count)",
        "test_keras_tokenizer.py",
    ),
    "ids cut on the other side": Mutation(
        "text/keras_tokenizer.py",
        "return slice(-self.length, None) if self.truncating is Side.PRE else slice(self.length)",
        "return slice(-self.length, None) if self.truncating is Side.POST else slice(self.length)",
        "test_keras_tokenizer.py",
    ),
    "TextVectorization padded in front": Mutation(
        "text/text_vectorization.py",
        "line[: len(row)] = row[:length]",
        "line[length - len(row) :] = row[:length]",
        "test_vectorizers.py",
    ),
    "the gates of Keras 1 in the order of Keras 2": Mutation(
        "importers/keras/recurrent.py",
        '"LSTM": "icfo"',
        '"LSTM": "ifco"',
        "test_text_dump.py",
    ),
    "the gates of PyTorch's GRU in their own order": Mutation(
        "importers/torch/recurrent.py",
        "np.concatenate([update, reset, new])",
        "np.concatenate([reset, update, new])",
        "test_import_torch.py",
    ),
    "both biases of PyTorch's GRU added up": Mutation(
        "importers/torch/recurrent.py",
        'joined if port.entry.kind == "GRU" else joined.sum(axis=0)',
        'np.stack([joined.sum(axis=0), 0 * joined[1]]) if port.entry.kind == "GRU" '
        "else joined.sum(axis=0)",
        "test_import_torch.py",
    ),
    "PyTorch's epsilon taken from Keras": Mutation(
        "importers/torch/layers.py",
        "_EPSILON = 1e-5",
        "_EPSILON = 1e-3",
        "test_import_torch.py",
    ),
    "the hard_sigmoid of Keras 3 in files of Keras 1 and 2": Mutation(
        "importers/keras/settings.py",
        'return "hard_sigmoid_keras2" if old else value',
        "return value",
        "test_keras_recorded.py",
    ),
    "reset_after of the file ignored": Mutation(
        "network/recurrent.py",
        'after = options.flag("reset_after", _resets_after(spec, bias))',
        'after = [options.flag("reset_after", False), _resets_after(spec, bias)][1]',
        "test_recurrent.py",
    ),
    "masks of Keras files not passed on": Mutation(
        "importers/keras/masks.py",
        "    mask = masks[0] if masks else None\n",
        "    mask = None\n",
        "test_keras_recorded.py",
    ),
    "the hard_sigmoid of Keras 2 in Keras 3": Mutation(
        "network/activations.py",
        '"hard_sigmoid": hard_sigmoid,',
        '"hard_sigmoid": hard_sigmoid_keras2,',
        "test_activations.py",
    ),
    "the hard_sigmoid of Keras 3 in Keras 2": Mutation(
        "network/activations.py",
        '"hard_sigmoid_keras2": hard_sigmoid_keras2,',
        '"hard_sigmoid_keras2": hard_sigmoid,',
        "test_activations.py",
    ),
}


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the classifier and its tests."""
    # What was compiled goes along, but not what another process is about to write.
    ignored = shutil.ignore_patterns("*.pyc.*")
    for name in COPIED:
        shutil.copytree(PROJECT / name, tmp_path / name, ignore=ignored)
    for name in ("pyproject.toml", "tests/__init__.py"):
        shutil.copy(PROJECT / name, tmp_path / name)
    return tmp_path


@pytest.mark.parametrize("name", MUTATIONS)
def test_a_known_mistake_makes_the_suite_fail(name: str, copy: Path) -> None:
    mutation = MUTATIONS[name]
    source = copy / "classifier" / mutation.file
    code = source.read_text(encoding="utf-8")
    assert code.count(mutation.right) == 1, f"{mutation.file} does not have it once"
    source.write_text(code.replace(mutation.right, mutation.wrong), encoding="utf-8")

    done = run_tests(copy, mutation.caught_by)

    # 1 is failed tests; a copy that does not even start would end with another code.
    assert done.returncode == 1, done.stdout
    assert " failed" in done.stdout
    assert "error" not in done.stdout.splitlines()[-1]


def test_the_same_tests_pass_without_a_mistake(copy: Path) -> None:
    done = run_tests(copy, *sorted({mutation.caught_by for mutation in MUTATIONS.values()}))
    assert done.returncode == 0, done.stdout


def run_tests(copy: Path, *tests: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "-p",
            "no:cacheprovider",
            "-x",
            *(f"tests/classifier/{name}" for name in tests),
        ],
        cwd=copy,
        capture_output=True,
        text=True,
        check=False,
    )
