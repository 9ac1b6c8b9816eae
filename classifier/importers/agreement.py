"""Whether our answers are those that were recorded."""

from __future__ import annotations

from classifier.bundle import ModelBundle
from classifier.errors import BundleMismatch
from classifier.parity import compare, tolerance_at


def largest_difference(bundle: ModelBundle, recorded: str) -> float | None:
    """Return the largest difference between the cases of ``bundle`` and our answers to them.

    Args:
        bundle: the model; None is returned if it has no cases.
        recorded: what they are, for the message: what its framework answers.

    Raises:
        BundleMismatch: naming the first layer that differs, by how much, and what is allowed.
    """
    if bundle.parity is None:
        return None
    largest = 0.0
    for found in compare(bundle.parity, bundle.network, bundle.text):
        if not found.close:
            allowed = tolerance_at(found.place, bundle.network)
            off = f"{found.difference:.2e} off (allowed: {allowed})"
            raise BundleMismatch(found.place, recorded, off)
        largest = max(largest, found.difference)
    return largest
