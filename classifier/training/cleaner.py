"""How texts are cleaned for the networks that are trained here on words."""

from __future__ import annotations

from classifier.text import Cleaner
from classifier.text.clean import Keep

# Chosen by cross-validation: marks give a listicle away, and of a number only its length counts.
CLEANER = Cleaner(marks=True, numbers=Keep.MARK, look_alikes=True)
