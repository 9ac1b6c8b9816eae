"""Who recorded a model's cases, and what that proves."""

from __future__ import annotations

from typing import Any

from classifier import ModelBundle
from classifier.parity import Recorder
from classifier.summary import framework_name

_TRAINED = (
    "recorded by newsieve itself, which trained the model with numpy: they prove that a machine "
    "computes what the training machine did"
)


def told_cases(bundle: ModelBundle) -> dict[str, Any]:
    """Return the number of cases, who recorded them, and the sentence that says what they prove."""
    if bundle.parity is None:
        return {"cases": 0, "recorded_by": None, "proof": None}
    recorder = bundle.parity.recorded_by
    trained_here = bundle.provenance.get("engine") == "numpy"
    return {
        "cases": len(bundle.parity.texts),
        "recorded_by": recorder.value,
        "proof": _TRAINED if trained_here else _proof(recorder, framework_name(bundle.provenance)),
    }


def _proof(recorder: Recorder, framework: str) -> str:
    if recorder is Recorder.FRAMEWORK:
        return f"recorded with {framework} itself"
    if recorder is Recorder.HAND:
        return f"recorded by hand with {framework}, as given"
    return (
        "recorded by newsieve itself: they prove that a machine computes what the importing "
        f"machine did, not agreement with {framework}"
    )
