"""The process that measures: figures as JSON lines."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from bot.bench.classifier import measure
from bot.bench.figures import to_json
from bot.bench.texts import read_texts


def main(arguments: list[str]) -> None:
    """Print the figures of the classifier; the argument, if any, is the file of texts."""
    texts = read_texts(Path(arguments[0])) if arguments else None
    for figure in measure(texts):
        sys.stdout.write(json.dumps(to_json(figure)) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1:])
