"""The commands around models: model list, show, verify; import and others, of their own modules."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import asdict
from math import isfinite
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.markup import escape
from rich.table import Table

from bot.bundles import open_model
from bot.cli import importing, retraining
from bot.cli.cases import told_cases
from bot.cli.options import AsJson, ConfigFile, console, open_settings, print_json
from bot.current import look_up_if_stored, start_path
from bot.errors import BotError
from classifier import ModelBundle, default_bundle_path, load_bundle
from classifier.bundle import MANIFEST
from classifier.errors import ModelError
from classifier.importers.custom import load_custom
from classifier.parity import Comparison, compare
from classifier.summary import LayerRow, layer_rows, parameter_count

Folder = Annotated[Path, typer.Argument(metavar="DIR", help="A ModelBundle, or a one-file JSON.")]
Custom = Annotated[
    Path | None,
    typer.Option("--custom", metavar="FILE", help="Your Python file that registers its layers."),
]


def register(app: typer.Typer) -> None:
    """Add the commands of this module to ``app``."""
    group = typer.Typer(help="Models: what they are, and whether they hold.", no_args_is_help=True)
    group.command("list")(list_models)
    group.command()(show)
    group.command()(verify)
    group.command("import")(importing.import_)
    group.command()(retraining.install)
    group.command()(retraining.rollback)
    app.add_typer(group, name="model")


def list_models(
    context: typer.Context,
    folder: Annotated[
        Path | None,
        typer.Argument(
            metavar="[DIR]",
            help="Where models lie beside each other; left out: classifier.models.",
        ),
    ] = None,
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """List the models: the bundled one, that of the settings, that in use, those in a folder."""
    settings = open_settings(context, config, needed=False)
    if settings.classifier.custom is not None:
        load_custom(settings.classifier.custom)
    active = asyncio.run(look_up_if_stored(settings)).path.resolve()
    named = {path.resolve(): path for path in (default_bundle_path(), start_path(settings), active)}
    beside = _beside(folder, settings.classifier.models)
    paths = {**named, **{path.resolve(): path for path in beside}}.values()
    rows = [_listed(path, active) for path in paths]
    if as_json:
        print_json(rows)
        return
    table = Table("", "name", "threshold", "parameters", "from", "made", "where")
    for row in rows:
        told = (row["name"], row["threshold"], row["parameters"], row["framework"], row["created"])
        mark = "in use" if row["active"] else ""
        cells = [mark, *(_cell(value) for value in told), row["error"] or row["path"]]
        table.add_row(*map(escape, cells), style="red" if row["error"] else None)
    console().print(table)


def show(folder: Folder, custom: Custom = None, as_json: AsJson = False) -> None:
    """Show a model's graph: layers, shapes, parameters."""
    bundle = open_model(folder, custom)
    if as_json:
        print_json(_shown(bundle))
        return
    out = console()
    table = Table("layer", "kind", "reads", "gives", "parameters", title=escape(bundle.name))
    for row in layer_rows(bundle.network):
        table.add_row(*map(escape, _shown_row(row)), style="bold" if row.output else None)
    out.print(table)
    for line in _about(bundle):
        out.print(line, markup=False, soft_wrap=True)


def verify(folder: Folder, custom: Custom = None, as_json: AsJson = False) -> None:
    """Replay a model's recorded cases with numpy alone.

    Ends with 1 if any layer answers otherwise than was recorded, and names the
    first one. Says who recorded: cases without a word of the framework prove less.
    """
    bundle = open_model(folder, custom)
    if bundle.parity is None:
        raise ModelError("has no recorded cases: nothing can be verified", path=folder)
    found = list(compare(bundle.parity, bundle.network, bundle.text))
    cases = told_cases(bundle)
    if as_json:
        print_json({**cases, **_verified(found)})
    else:
        _print_verified(cases, found)
    if not all(comparison.close for comparison in found):
        raise typer.Exit(1)


def _beside(said: Path | None, usual: Path) -> list[Path]:
    if said is not None and not said.is_dir():
        raise BotError(f"{said}: no such folder")
    return sorted(path.parent for path in (said or usual).glob(f"*/{MANIFEST}"))


def _listed(path: Path, active: Path) -> dict[str, Any]:
    row: dict[str, Any] = dict.fromkeys(
        ("name", "threshold", "parameters", "framework", "created", "error")
    )
    row |= {"path": str(path), "active": path.resolve() == active}
    try:
        bundle = load_bundle(path)
    except ModelError as error:
        return row | {"error": str(error)}
    return row | {
        "name": bundle.name,
        "threshold": bundle.threshold,
        "parameters": parameter_count(bundle.network),
        "framework": bundle.provenance.get("framework"),
        "created": bundle.provenance.get("created"),
    }


def _cell(value: object) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{key} {_cell(inner)}" for key, inner in value.items())
    return "" if value is None else f"{value:g}" if isinstance(value, float) else str(value)


def _shown(bundle: ModelBundle) -> dict[str, Any]:
    return {
        "name": bundle.name,
        "threshold": bundle.threshold,
        "fingerprint": bundle.fingerprint,
        "parameters": parameter_count(bundle.network),
        "outputs": bundle.network.spec.outputs,
        "layers": [asdict(row) for row in layer_rows(bundle.network)],
        "text": bundle.text is not None,
        **told_cases(bundle),
        "provenance": dict(bundle.provenance),
        "metrics": dict(bundle.metrics),
    }


def _shown_row(row: LayerRow) -> tuple[str, ...]:
    reads = ", ".join(row.inputs) + (f" (mask {row.mask})" if row.mask else "")
    gives = ", ".join("×".join("?" if n is None else str(n) for n in shape) for shape in row.shapes)
    return row.layer, row.kind, reads, gives, str(row.parameters)


def _about(bundle: ModelBundle) -> list[str]:
    cases = told_cases(bundle)
    text = bundle.text
    reads = "arrays only" if text is None else f"text, {len(text.vectorizer.vocabulary)} words"
    return [
        f"{parameter_count(bundle.network)} parameters · reads {reads} · "
        f"bad above {bundle.threshold:g} · {cases['cases']} recorded cases",
        *([f"recorded cases: {cases['proof']}"] if cases["proof"] else []),
        *(f"{key}: {_cell(value)}" for key, value in bundle.provenance.items()),
    ]


def _verified(found: list[Comparison]) -> dict[str, Any]:
    first = next((comparison for comparison in found if not comparison.close), None)
    return {
        "ok": first is None,
        "diverges": None if first is None else first.place,
        "compared": [
            # JSON has no infinity: null is no number to be close to.
            asdict(comparison) | ({} if isfinite(comparison.difference) else {"difference": None})
            for comparison in found
        ],
    }


def _print_verified(cases: Mapping[str, Any], found: list[Comparison]) -> None:
    out = console()
    table = Table("compared", "largest difference", "")
    for comparison in found:
        verdict = "ok" if comparison.close else "differs"
        table.add_row(
            escape(comparison.place),
            f"{comparison.difference:.2e}",
            verdict,
            style=None if comparison.close else "red",
        )
    out.print(table)
    first = next((comparison for comparison in found if not comparison.close), None)
    told = "all is as recorded" if first is None else f"diverges first at {first.place!r}"
    largest = max((c.difference for c in found), default=0.0) if first is None else first.difference
    out.print(f"{cases['cases']} cases: {told}, largest difference {largest:.2e}", markup=False)
    out.print(cases["proof"], markup=False, soft_wrap=True)
