"""What holds for all tests."""

from __future__ import annotations

_GZIP = b"\x1f\x8b"


def pytest_make_parametrize_id(val: object) -> str | None:
    """Call packed bytes so: they hold the time of packing, and ids are alike in every process."""
    return "gzip" if isinstance(val, bytes) and val.startswith(_GZIP) else None
