"""A fresh process that loads the bundled model, scores one text and tells its memory in MB."""

from __future__ import annotations

import resource
import sys
from pathlib import Path

from classifier import Classifier, default_bundle_path, load_bundle

TEXT = "В городе открыли новый мост: его строили три года."


def main() -> None:
    """Score and print the largest amount of memory that it took."""
    Classifier(load_bundle(default_bundle_path())).score([TEXT])
    sys.stdout.write(f"{_peak_memory() / 1e6:.1f}\n")


def _peak_memory() -> int:
    """In bytes. Linux counts in getrusage what the parent held before; its own file does not."""
    status = Path("/proc/self/status")
    if status.exists():
        lines = dict(line.split(":", 1) for line in status.read_text().splitlines())
        return int(lines["VmHWM"].split()[0]) * 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


if __name__ == "__main__":
    main()
