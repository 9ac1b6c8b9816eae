"""``python -m classifier.training.distil DATA UNLABELLED -o DIR``: the default model anew."""

from __future__ import annotations

import argparse
import logging
import sys
from pathlib import Path

from classifier.errors import ModelError
from classifier.saving import write_bundle


def main() -> int:
    """Make the model, write its bundle, and print its measures."""
    parser = argparse.ArgumentParser(
        prog="python -m classifier.training.distil", description=__doc__
    )
    parser.add_argument("data", type=Path, help="labelled texts: JSON lines or CSV")
    parser.add_argument("unlabelled", type=Path, help="more texts: JSON lines, or the same packed")
    parser.add_argument("-o", "--out", type=Path, required=True, help="folder of the bundle")
    parser.add_argument("--workers", type=int, default=1, help="how many processes teach at once")
    parser.add_argument("--vectors", type=Path, help="file that keeps sentence vectors")
    said = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    try:
        from classifier.training.distil.make import make_bundle  # noqa: PLC0415  needs PyTorch
        from classifier.training.distil.school import Recipe  # noqa: PLC0415

        recipe = Recipe(workers=said.workers, vectors=said.vectors)
        made = make_bundle(said.data, said.unlabelled, name=said.out.name, recipe=recipe)
        write_bundle(made.bundle, said.out, card=made.card)
    except ImportError as error:
        sys.stderr.write(f"needs newsieve[distil] ({error})\n")
        return 1
    except ModelError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(made.card)
    return 0


if __name__ == "__main__":
    sys.exit(main())
