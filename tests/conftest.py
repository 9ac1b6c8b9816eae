"""What holds for all tests."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from bot.store import migrate

# The same examples each time: what failed fails again. `--hypothesis-profile=hunt` looks for more.
# How long they take to be made up depends on what else the machine does.
slow_machine = [HealthCheck.too_slow]
settings.register_profile(
    "same", derandomize=True, deadline=None, suppress_health_check=slow_machine
)
settings.register_profile("hunt", max_examples=20_000, deadline=None)
settings.load_profile("same")

_GZIP = b"\x1f\x8b"


def pytest_make_parametrize_id(val: object) -> str | None:
    """Call packed bytes so: they hold the time of packing, and ids are alike in every process."""
    return "gzip" if isinstance(val, bytes) and val.startswith(_GZIP) else None


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database that holds nothing but the schema."""
    path = tmp_path_factory.mktemp("schema") / "newsieve.db"
    migrate(f"sqlite:///{path}")
    return path
