"""Analyses from a command: where they go, how they run there, and the files beside their runs."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from capsim.cli.options import own_cpus
from capsim.cli.progress import RunProgress
from capsim.cli.stopping import stoppable
from capsim.errors import InputError

if TYPE_CHECKING:
    import pandas as pd

    from capsim.scenario import Scenario

__all__ = ["ANALYSIS", "Done", "run_analysis", "save_analysis"]

ANALYSIS, FIGURE, PROVENANCE = "analysis.json", "figure.svg", "provenance.json"


class Done(NamedTuple):
    """A result, and the folder that holds its runs."""

    result: Any
    folder: Path


def run_analysis(
    what: Callable[..., Any],
    kind: str,
    study: str,
    out: str | None,
    quiet: bool,
    workers: int | None,
    options: Mapping[str, Any],
) -> Done:
    """Run an analysis of a study file or a scenario, its runs stored as they end."""
    from capsim.paths import folder_to_write, new_folder
    from capsim.runs.store import refuse_foreign

    scenario, arguments, usual = _given(study, kind, options)
    folder = usual if out is None else folder_to_write(out)
    if folder.is_dir() and any(folder.iterdir()):
        if not (folder / ANALYSIS).exists():
            refuse_foreign(folder)
    else:
        folder = new_folder(folder)
    observed = [arguments.pop("observed")] if "observed" in arguments else []
    with stoppable(folder), RunProgress(quiet=quiet) as progress:
        result = what(scenario, *observed, workers=workers or own_cpus(), progress=progress, store=folder, **arguments)
    return Done(result, folder)


def _given(study: str, kind: str, options: Mapping[str, Any]) -> tuple[Scenario, dict[str, Any], Path]:
    """Arguments from a study file of a kind, or from a scenario, and the usual folder.

    What the command line says counts more than the file.
    """
    from capsim.comparison.sweep import default_folder
    from capsim.runs.folder import slug
    from capsim.runs.study_files import is_study_file, load_study
    from capsim.scenario import load_scenario

    said = {name: value for name, value in options.items() if value is not None and value != ()}
    if not is_study_file(study):
        scenario = load_scenario(study)
        asked = json.dumps([scenario.resolved(), said], sort_keys=True, default=str)
        name = f"{kind}-{slug(scenario.name)[:40]}-{hashlib.sha256(asked.encode()).hexdigest()[:8]}"
        return scenario, said, Path("results") / name
    loaded = load_study(study)
    if loaded.kind != kind:
        raise InputError(f"{study}: is a study of kind {loaded.kind}; capsim {kind} needs kind: {kind}")
    arguments = {**loaded.arguments(), **said}
    return arguments.pop("scenario"), arguments, default_folder(loaded)


def save_analysis(done: Done, tables: Mapping[str, pd.DataFrame], facts: Mapping[str, Any]) -> None:
    """Tables as CSV, the figure, and what was found; each file appears whole, `analysis.json` last.

    Raises
    ------
    OutputError
        If they cannot be written; the runs are stored all the same.
    """
    from capsim.paths import write_error
    from capsim.runs.provenance import provenance
    from capsim.runs.shards import STORED, TEMPORARY
    from capsim.runs.store import write_text
    from capsim.runs.values import strict_json
    from capsim.scenario import scenario_hash

    scenario, folder = done.result.scenario, done.folder
    texts = {f"{name}.csv": _csv(table) for name, table in tables.items()}
    texts[FIGURE] = _svg(done.result)
    if not (folder / PROVENANCE).exists():  # nothing was run
        texts[PROVENANCE] = strict_json(provenance(scenario, scenario_hash(scenario), precision=None)) + "\n"
    texts[ANALYSIS] = strict_json(dict(facts)) + "\n"
    try:
        (folder / TEMPORARY).mkdir(parents=True, exist_ok=True)
        for name, text in texts.items():
            write_text(folder, name, text)
    except OSError as error:
        raise write_error(folder, error, safe=STORED) from error


def _csv(table: pd.DataFrame) -> str:
    return str(table.to_csv(index=table.index.name is not None, lineterminator="\n"))


def _svg(result: Any) -> str:
    import matplotlib

    drawn = io.StringIO()
    with matplotlib.rc_context({"svg.fonttype": "none", "svg.hashsalt": "capsim"}):
        result.plot().get_figure(root=True).savefig(drawn, format="svg")
    return drawn.getvalue()
