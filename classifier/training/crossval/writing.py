"""The files of a cross-validation: scores as CSV, figures as JSON, a bundle a fold."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import shutil
from collections.abc import Iterable, Sequence
from pathlib import Path

from classifier.bundle import MANIFEST
from classifier.errors import ModelError
from classifier.saving import write_bundle
from classifier.training.crossval.options import NetworkName
from classifier.training.crossval.report import CrossvalReport
from classifier.training.overwriting import expect_kept

OUT_OF_FOLD, TEST, FIGURES = "oof.csv", "test.csv", "report.json"
_OUT_OF_FOLD_HEADER = ("network", "row", "label", "score", "fold")
_FOLD = re.compile(r"fold-[0-9]+")
_TEST_HEADER = ("network", "row", "score")
_OPENINGS = {
    OUT_OF_FOLD: ",".join(_OUT_OF_FOLD_HEADER) + "\n",
    TEST: ",".join(_TEST_HEADER) + "\n",
    FIGURES: '{\n "rows": ',
}
"""How each file begins that is written here."""


def expect_folder(out: Path, given: Sequence[Path | None] = ()) -> None:
    """See that files can be written to the folder ``out``, before anything is computed for it.

    Args:
        out: folder.
        given: files that the cross-validation reads.

    Raises:
        ModelError: if it is something else, cannot be made or written to, holds a file of
            such a name that no cross-validation wrote, as a ``test.csv`` of texts is, or one
            of ``given`` would go.
    """
    there = next(path for path in (out, *out.absolute().parents) if path.exists())
    if not there.is_dir():
        raise ModelError("is not a folder", path=there)
    if not os.access(there, os.W_OK | os.X_OK):
        raise ModelError("cannot be written to", path=there)
    for name, opening in _OPENINGS.items():
        if (out / name).exists() and not _opens_with(out / name, opening):
            reason = "exists and is not of a cross-validation: nothing is overwritten"
            raise ModelError(reason, path=out / name)
    for path in (*(out / name for name in _OPENINGS), *_folds(out)):
        expect_kept(given, path)


def write_report(report: CrossvalReport, out: Path) -> list[Path]:
    """Write all files of ``report`` to the folder ``out``; return where they are.

    Rows are counted from 0 in the order of their file, folds from 1. Each file is complete or
    not there; what an earlier cross-validation left there and this one does not write goes:
    scores of a test file, bundles of folds.

    Raises:
        ModelError: as ``expect_folder``; or if one cannot be written.
    """
    expect_folder(out)
    files = {OUT_OF_FOLD: _csv(_OUT_OF_FOLD_HEADER, _out_of_fold(report))}
    if any(network.test_scores is not None for network in report.networks):
        files[TEST] = _csv(_TEST_HEADER, _test(report))
    else:
        (out / TEST).unlink(missing_ok=True)
    files[FIGURES] = json.dumps(report.to_json(), ensure_ascii=False, indent=1) + "\n"
    left = _folds(out)
    written = [_write(out / name, content) for name, content in files.items()]
    for network in report.networks:
        for number, bundle in enumerate(network.bundles, start=1):
            folder = out / network.network.value / f"fold-{number}"
            write_bundle(bundle, folder)
            written.append(folder)
    for folder in left:
        if folder not in written:
            _remove(folder)
    return written


def _folds(out: Path) -> list[Path]:
    """Return the folders in ``out`` with the bundle of a fold, of whatever network."""
    folders = (path for name in NetworkName for path in (out / name.value).glob("fold-*"))
    return [path for path in folders if _FOLD.fullmatch(path.name) and (path / MANIFEST).is_file()]


def _remove(folder: Path) -> None:
    try:
        shutil.rmtree(folder)
        if not any(folder.parent.iterdir()):
            folder.parent.rmdir()
    except OSError as error:
        raise ModelError(f"cannot be removed: {error.strerror}", path=folder) from error


def _opens_with(path: Path, opening: str) -> bool:
    try:
        with path.open("rb") as file:
            return file.read(len(opening)) == opening.encode()
    except OSError as error:
        raise ModelError(f"cannot be read: {error.strerror}", path=path) from error


def _out_of_fold(report: CrossvalReport) -> Iterable[Sequence[object]]:
    for network in report.networks:
        for i, (row, fold) in enumerate(zip(report.rows, report.fold_of, strict=True)):
            yield network.network.value, i, row.label, _digits(network.scores[i]), fold


def _test(report: CrossvalReport) -> Iterable[Sequence[object]]:
    for network in report.networks:
        for i, score in enumerate([] if network.test_scores is None else network.test_scores):
            yield network.network.value, i, _digits(score)


def _digits(score: float) -> str:
    return f"{score:.8f}"


def _csv(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    target = io.StringIO()
    writer = csv.writer(target, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return target.getvalue()


def _write(path: Path, content: str) -> Path:
    beside = path.with_name(f".{path.name}.new")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        beside.write_text(content, encoding="utf-8")
        beside.replace(path)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise ModelError(f"cannot be written: {error.strerror}", path=path) from error
    return path
