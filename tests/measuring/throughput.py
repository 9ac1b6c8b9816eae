"""Measure how fast the bundled model scores raw texts, on one core.

    python -m tests.measuring.throughput FILE

FILE holds texts as JSON lines, perhaps packed with gzip. Printed: texts a second of processor
time for the first half, for the second half, whose common words are known by then, and for the
second half once more.
"""

from __future__ import annotations

import argparse
import gzip
import json
import time
from pathlib import Path

from classifier import Classifier, default_bundle_path, load_bundle


def texts_of(file: Path) -> list[str]:
    """Return the texts of a file."""
    packed = file.read_bytes()
    lines = gzip.decompress(packed) if file.suffix == ".gz" else packed
    return [json.loads(line)["text"] for line in lines.splitlines()]


def main() -> None:
    parser = argparse.ArgumentParser(description="How fast the bundled model scores texts.")
    parser.add_argument("file", type=Path)
    texts = texts_of(parser.parse_args().file)
    classifier = Classifier(load_bundle(default_bundle_path()))
    half = len(texts) // 2
    parts = {"first half": texts[:half], "second half": texts[half:], "once more": texts[half:]}
    for name, part in parts.items():
        began = time.process_time()
        classifier.score(part)
        seconds = time.process_time() - began
        letters = sum(map(len, part)) // len(part)
        print(f"{name}: {len(part) / seconds:,.0f} texts a second, of {letters} characters")


if __name__ == "__main__":
    main()
