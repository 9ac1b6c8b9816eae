"""Parity with the true frameworks: what is here runs where Keras and PyTorch are installed."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

# Before anybody imports Keras: its backend is chosen on import.
os.environ["KERAS_BACKEND"] = "torch"

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder is a parity test; warnings of the frameworks are theirs."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.parity)
            item.add_marker(pytest.mark.filterwarnings("ignore"))


@pytest.fixture(autouse=True)
def _as_if_alone() -> None:
    """Names of layers are counted anew, and small arrays are not spread over the cores."""
    if "keras" in sys.modules:
        sys.modules["keras"].utils.clear_session(free_memory=False)
    if "torch" in sys.modules:
        sys.modules["torch"].set_num_threads(1)
