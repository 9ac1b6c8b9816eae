"""What holds for all tests."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

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
