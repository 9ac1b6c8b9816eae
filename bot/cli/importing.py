"""The command that takes a model over: model import."""

from __future__ import annotations

from dataclasses import replace
from enum import Enum
from pathlib import Path
from typing import Annotated, Any

import typer

from bot.bundles import suggest_custom
from bot.cli.cases import told_cases
from bot.cli.options import AsJson, console, print_json
from classifier.errors import UnsupportedLayer
from classifier.text import Cleaner


class Side(str, Enum):
    """Where rows of ids are padded or cut."""

    PRE = "pre"
    POST = "post"


def import_(  # noqa: PLR0913, PLR0917  each option of a command is an argument
    files: Annotated[
        list[Path],
        typer.Argument(
            metavar="FILE…",
            help="The model (.keras, .h5, .safetensors, .pt, JSON weights, a folder of matrices), "
            "and if it has any beside it: spec file, tokenizer.",
        ),
    ],
    out: Annotated[Path, typer.Option("-o", "--out", help="Folder of the new ModelBundle.")],
    spec: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Architecture, for weights without one.")
    ] = None,
    tokenizer: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Keras Tokenizer or word_index, as JSON.")
    ] = None,
    custom: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Your Python file that registers layers; it is run."),
    ] = None,
    keras_layers: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Your Python file with their Keras classes; it is run."),
    ] = None,
    recorded: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="What the framework answered elsewhere: numpy.savez of input and output.",
        ),
    ] = None,
    threshold: Annotated[
        float, typer.Option(min=0, max=1, help="A text is bad when its score is above.")
    ] = 0.5,
    clean: Annotated[
        bool, typer.Option("--clean", help="Raw text goes through newsieve's own cleaner first.")
    ] = False,
    padding: Annotated[Side, typer.Option(help="Where rows of a tokenizer are padded.")] = Side.PRE,
    truncating: Annotated[Side, typer.Option(help="Where they are cut.")] = Side.PRE,
    bad: Annotated[str, typer.Option(help="The bad class of a scikit-learn model.")] = "1",
    as_json: AsJson = False,
) -> None:
    """Make a ModelBundle of a model from Keras, PyTorch, scikit-learn or JSON.

    Where the framework is installed it is asked too: its answers are kept in the
    bundle, for `model verify`, and must be ours. So are those of --recorded. Without
    either, our own are kept: other machines can be held to them.
    """
    from classifier.importers.importing import (  # noqa: PLC0415
        gather,
        import_model,
        with_baseline,
    )
    from classifier.saving import write_bundle  # noqa: PLC0415

    source = replace(
        gather(files, spec=spec, tokenizer=tokenizer),
        custom=custom,
        keras_layers=keras_layers,
        recorded=recorded,
        cleaner=Cleaner() if clean else None,
        padding=padding.value,
        truncating=truncating.value,
        bad=int(bad) if bad.isdecimal() else bad,
    )
    try:
        imported = with_baseline(import_model(source))
    except UnsupportedLayer as error:
        raise suggest_custom(error) from error
    named = replace(imported.bundle, name=out.resolve().name, threshold=threshold)
    written = write_bundle(named, out)
    told: dict[str, Any] = {
        "path": str(out),
        "kind": source.kind.value,
        **told_cases(written),
        "difference": imported.difference,
        "notes": imported.notes,
    }
    if as_json:
        print_json(told)
    else:
        _print(told)


def _print(told: dict[str, Any]) -> None:
    out = console()
    out.print(f"{told['path']}: made of {told['kind']}", markup=False, soft_wrap=True)
    if told["difference"] is not None:
        compared = f"{told['cases']} cases, largest difference {told['difference']:.2e}"
        out.print(f"answers as its framework does: {compared}")
    if told["proof"] is not None:
        out.print(f"cases: {told['proof']}", markup=False, soft_wrap=True)
    for note in told["notes"]:
        out.print(f"note: {note}", markup=False, soft_wrap=True)
