"""An output folder run again from its provenance.json alone, and whether the numbers are the same."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from capsim.comparison.compare import compare, single_run, yearly
from capsim.comparison.comparison import Comparison
from capsim.comparison.folder import PROVENANCE, write_folder
from capsim.comparison.sweep import sweep
from capsim.errors import CapsimError, InputError
from capsim.paths import folder_to_read, new_folder, read_text
from capsim.runs.identity import RESULTS_VERSION, plugin_source
from capsim.runs.output import read_json
from capsim.runs.reading import query_folder
from capsim.runs.study import SweepStudy, study_from_mapping
from capsim.runs.workers import Progress, Workers
from capsim.scenario import as_scenario

if TYPE_CHECKING:
    import pandas as pd

_LABELS = ("run_id", "strategy", "scenario", "replicate", "point", "luck", "assumptions", "reason")


class Rerun(NamedTuple):
    """What came of it: kind and folder of the new runs, runs of the old folder, those of them whose numbers are the
    same now to the last digit, and what could not be written beside the data.
    """

    kind: str
    folder: Path
    runs: int
    same: int
    troubles: tuple[str, ...] = ()


def rerun(
    folder: str | Path,
    out: str | Path,
    *,
    workers: int | Workers = 1,
    progress: Progress | None = None,
    extra: Callable[[Comparison], Mapping[str, Callable[[Path], object]]] | None = None,
) -> Rerun:
    """Run again what made an output folder of `capsim run`, `compare` or `sweep`, into a new one.

    Only its provenance.json is needed; its runs are what is compared with. A record of another version of the results,
    or with another source of a plugin, is refused. `extra` are more files for a comparison; see `write_folder`.
    """
    old, new = folder_to_read(folder), new_folder(out)
    record = _read_record(old / PROVENANCE)
    _find_plugins(old / PROVENANCE, record.get("plugins", {}))
    asked = _asked(old / PROVENANCE, record)
    troubles: list[str] = []
    if record["kind"] == "sweep":
        sweep(study_from_mapping(asked), workers=workers, out=new, progress=progress)
    elif record["kind"] == "run":
        result = single_run(as_scenario(asked["scenario"]), asked["strategies"][0], keep_books=asked["keep_agencies"])
        write_folder(result, new, kind="run", summary=yearly(result))
    else:
        result = compare(**asked, workers=workers, progress=progress)
        troubles = write_folder(result, new, extra=extra(result) if extra else None)
    runs, same = _compared(old, new)
    return Rerun(record["kind"], new, runs, same, tuple(troubles))


def _read_record(path: Path) -> dict[str, Any]:
    try:
        record = read_json(read_text(path, what="the provenance of an output folder"))
    except ValueError as error:
        raise InputError(f"{path}: not readable as JSON, perhaps cut off: {error}") from error
    kind = record.get("kind") if isinstance(record, dict) else None
    if kind not in ("run", "comparison", "sweep"):
        raise InputError(f"{path}: is not of `capsim run`, `compare` or `sweep`, which can be run again")
    if record.get("results_version") != RESULTS_VERSION:
        raise InputError(
            f"{path}: holds results version {record.get('results_version')}; this capsim makes version "
            f"{RESULTS_VERSION}, whose numbers differ. Install the version of capsim that it names"
        )
    return dict(record)


def _find_plugins(path: Path, plugins: Mapping[str, Mapping[str, str]]) -> None:
    """Make the modules of plugins importable, if they are what they were."""
    try:
        for reference, then in plugins.items():
            depth = reference.partition(":")[0].count(".") + (Path(then["file"]).name == "__init__.py")
            place = str(Path(then["file"]).parents[depth])
            if plugin_source(reference, None)["sha256"] != then["sha256"] and place not in sys.path:
                sys.path.append(place)
            if plugin_source(reference, None)["sha256"] != then["sha256"]:
                raise InputError(f"{path}: {reference}: its source is not what it was ({then['file']})")
    except (AttributeError, KeyError, TypeError, IndexError, ValueError) as error:
        raise InputError(f"{path}: plugins: not as capsim writes it: {type(error).__name__}: {error}") from error


def _asked(path: Path, record: Mapping[str, Any]) -> dict[str, Any]:
    """What was asked for: a study, or arguments of `capsim.compare`."""
    try:
        if record["kind"] == "sweep":
            return {key: record[key] for key in SweepStudy.model_fields if key in record}
        precise = record["precision"] is not None
        return {
            "scenario": dict(record["scenario"]),
            "strategies": [str(name) for name in record["strategies"]],
            "replications": None if precise or record["kind"] == "run" else record["replications"],
            "precision": record["precision"],
            "break_even": [one["parameter"] for one in record["break_even"] if not one.get("by_itself")],
            "keep_agencies": "agencies.parquet" in record["tables"],
            "variants": "alone.parquet" in record["tables"],
            "extras": float(record["extras"].get("times", 1.0)) if "extras" in record else False,
            "observed": record.get("observed", {}).get("rows"),
            "followed": record.get("observed", {}).get("followed"),
        }
    except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
        raise InputError(f"{path}: not as capsim writes it: {type(error).__name__}: {error}") from error


def _compared(old: Path, new: Path) -> tuple[int, int]:
    """Runs of the old folder, which may hold its record alone, and those with the same numbers in the new one."""
    try:
        before = query_folder(old, "SELECT * FROM runs").set_index("run_id")
    except CapsimError:
        return 0, 0
    after = query_folder(new, "SELECT * FROM runs").set_index("run_id")
    both = before.index.intersection(after.index)
    columns = [name for name in before.columns if name in after.columns and name not in _LABELS]
    return len(before), int(_equal(before.loc[both, columns], after.loc[both, columns]).sum())


def _equal(mine: pd.DataFrame, theirs: pd.DataFrame) -> pd.Series:
    same = (mine == theirs) | (mine.isna() & theirs.isna())
    return same.all(axis=1)
