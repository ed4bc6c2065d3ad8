"""Many small shards to few larger ones, by the same rule: whole under a new name first, then the old ones go."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import NamedTuple

from capsim.errors import OutputError
from capsim.runs.shards import RUNS, TEMPORARY, shard_path, write_whole
from capsim.runs.store import locked, read_manifest, sweep_leftovers
from capsim.runs.store_reading import runs_connection

__all__ = ["Compaction", "compact_store"]

ROWS_PER_SHARD = 100_000


class Compaction(NamedTuple):
    """Shards before and after, and rows."""

    before: int
    after: int
    rows: int


def compact_store(folder: Path, *, rows_per_shard: int = ROWS_PER_SHARD) -> Compaction:
    """Merge the shards of a study; killed at any moment, no run is lost.

    Raises
    ------
    InputError
        If the folder holds no study.
    OutputError
        If a driver works on the folder, or there is no room.
    """
    read_manifest(folder)
    with locked(folder):
        (folder / TEMPORARY).mkdir(exist_ok=True)
        sweep_leftovers(folder, alone=True)
        old = sorted((folder / RUNS).glob("*/*.parquet"))
        sizes = _rows(folder, old)
        new: set[Path] = set()
        for group in _groups(old, sizes, rows_per_shard):
            new.add(_merge(folder, group))
        for path in old:
            if path not in new:
                path.unlink()
                with contextlib.suppress(OSError):
                    path.parent.rmdir()
        return Compaction(len(old), len(new), sum(sizes.values()))


def _rows(folder: Path, shards: list[Path]) -> dict[Path, int]:
    """Rows of every shard; reading them also shows that none is damaged and no two runs contradict each other."""
    with runs_connection(folder) as connection:
        if not shards:
            return {}
        found = connection.execute(
            "SELECT filename, count(*) FROM read_parquet(?, filename = true, hive_partitioning = false) GROUP BY ALL",
            [[str(path) for path in shards]],
        ).fetchall()
    return {folder / RUNS / Path(name).parent.name / Path(name).name: count for name, count in found}


def _groups(shards: list[Path], sizes: dict[Path, int], most: int) -> list[list[Path]]:
    groups: list[list[Path]] = []
    rows = most
    for path in shards:
        if rows + sizes[path] > most and rows:
            groups.append([])
            rows = 0
        groups[-1].append(path)
        rows += sizes[path]
    return groups


def _merge(folder: Path, shards: list[Path]) -> Path:
    """One shard of several; rows of the same run that are equal become one."""
    if len(shards) == 1:
        return shards[0]
    target = shard_path(folder, sorted(path.name for path in shards), "compact")
    names = ", ".join("'" + str(path).replace("'", "''") + "'" for path in shards)
    rows = f"SELECT DISTINCT * FROM read_parquet([{names}], hive_partitioning = false) ORDER BY point, replicate"
    write_whole(folder, target, rows, {})
    if not target.exists():
        raise OutputError(f"{folder}: the merged shard has vanished; somebody else works on this folder")
    return target
