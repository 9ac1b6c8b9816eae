"""The examples in docs/importing.md are spec files that can be read."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from classifier.importers.architecture import read_architecture
from classifier.importers.torch.model import KINDS

GUIDE = Path(__file__).parent.parent.parent / "docs" / "importing.md"
BLOCKS = re.findall(r"```toml\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)
OPENING = next(block for block in BLOCKS if block.endswith('kind = "Embedding"\n'))
WHOLE = [block for block in BLOCKS if "[[inputs]]" in block and block != OPENING]
CONTINUED = [OPENING + block for block in BLOCKS if block.startswith("[[layers]]")]


@pytest.mark.parametrize("example", [*WHOLE, *CONTINUED])
def test_an_example_is_a_spec_file_of_known_layers(example: str, tmp_path: Path) -> None:
    (tmp_path / "spec.toml").write_text(example, encoding="utf-8")
    architecture = read_architecture(tmp_path / "spec.toml")
    assert architecture.layers
    for entry in architecture.layers:
        assert entry.kind in (*KINDS, "Dense")


def test_no_example_is_left_out() -> None:
    assert (len(WHOLE), len(CONTINUED)) == (3, 3)
