"""What a folder has stored, as tables and asked in SQL, each run once; and many small shards made into few larger ones.

Reading executes nothing that is stored, and a question sees copies in memory: DuckDB has no way to any file.
"""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from capsim.errors import InputError, OutputError
from capsim.runs.store import MANIFEST, Manifest, locked, read_manifest, sweep_leftovers
from capsim.runs.study import model_of
from capsim.runs.tables import (
    INTEGERS,
    NO_TABLE,
    RUNS,
    TEMPORARY,
    TEXTS,
    interruptible,
    open_connection,
    quoted,
    readable,
    shard_path,
    write_whole,
)

if TYPE_CHECKING:
    import pandas as pd
    from duckdb import DuckDBPyConnection

ROWS_PER_SHARD = 100_000
_QUESTIONS = ("SELECT", "MULTI")
"""Kinds of statements that are answered, as DuckDB calls them; MULTI is a PIVOT."""
_MOST_NAMED = 3
"""Folders inside a folder that a message names."""
_TRIES = 3
"""A file may go while it is looked for, because a driver merges small ones."""


@contextlib.contextmanager
def runs_connection(folder: Path) -> Iterator[DuckDBPyConnection]:
    """Connection with the view ``runs``: one row a run, a done one before a failed one."""
    manifest = read_manifest(folder)
    with contextlib.closing(open_connection()) as connection:
        interruptible(connection, lambda: _make_view(connection, folder, manifest))
        yield connection


def _readable(folder: Path) -> contextlib.AbstractContextManager[None]:
    return readable(f"{folder}: the stored runs cannot be read")


def _make_view(connection: DuckDBPyConnection, folder: Path, manifest: Manifest) -> None:
    if not any((folder / RUNS).glob("*/*.parquet")):
        types = {**dict.fromkeys(TEXTS, "VARCHAR"), **dict.fromkeys(INTEGERS, "BIGINT")}
        columns = ", ".join(f'NULL::{types.get(name, "DOUBLE")} AS "{name}"' for name in manifest.columns)
        connection.execute(f"CREATE VIEW runs AS SELECT {columns} WHERE false")
        return
    rows = f"read_parquet({quoted(_pattern(folder))}, hive_partitioning = false)"
    with _readable(folder):
        count = connection.execute(f"SELECT count(*), count(DISTINCT run_id) FROM {rows}").fetchone()
        assert count is not None
        if count[0] == count[1]:
            connection.execute(f"CREATE VIEW runs AS SELECT * FROM {rows}")
            return
        _refuse_contradictions(connection, folder, rows)
        connection.execute(
            f"CREATE VIEW runs AS SELECT DISTINCT ON (run_id) * FROM {rows} ORDER BY run_id, status = 'failed', reason"
        )


def _pattern(folder: Path) -> str:
    """The shards in DuckDB's language of patterns; the folder itself may be named like one."""
    return re.sub(r"([*?\[])", r"[\1]", str(folder.resolve())) + f"/{RUNS}/*/*.parquet"


def _refuse_contradictions(connection: DuckDBPyConnection, folder: Path, rows: str) -> None:
    """Runs are pure functions of their id: done rows of one id are equal, or something is wrong."""
    found = connection.execute(
        f"SELECT run_id FROM (SELECT DISTINCT * FROM {rows} WHERE status = 'done') GROUP BY run_id "
        "HAVING count(*) > 1 ORDER BY run_id LIMIT 3"
    ).fetchall()
    if found:
        names = ", ".join(name for (name,) in found)
        raise InputError(
            f"{folder}: the same run is stored twice with different numbers: {names}; machines of different kinds may "
            "differ in the last digit. Remove one of the shards, or start a new folder"
        )


def read_runs(folder: Path, sql: str = "SELECT * FROM runs", *, ids: Sequence[str] | None = None) -> pd.DataFrame:
    """Answer to a question of our own about the view ``runs``; with `ids` there is a table ``wanted`` of them."""
    import pandas as pd

    def asked() -> pd.DataFrame:
        with runs_connection(folder) as connection, _readable(folder):
            if ids is not None:
                connection.register("wanted", pd.DataFrame({"run_id": sorted(set(ids))}))
            return interruptible(connection, lambda: connection.execute(sql).df())

    return _asked_again(asked)


def _asked_again(ask: Callable[[], pd.DataFrame]) -> pd.DataFrame:
    """The answer to a question, asked once more where a file had gone."""
    for _ in range(_TRIES - 1):
        try:
            return ask()
        except InputError as error:
            if "No such file" not in str(error) and "Cannot open file" not in str(error):
                raise
    return ask()


def stored_runs(folder: Path) -> tuple[set[str], set[str]]:
    """Ids of the runs that are done, and of those that failed and never were done."""
    rows = read_runs(folder, "SELECT run_id, status = 'failed' AS failed FROM runs")
    failed = set(rows["run_id"][rows["failed"]])
    return set(rows["run_id"]) - failed, failed


def stored_rows(folder: Path, ids: Sequence[str]) -> pd.DataFrame:
    """Rows of some runs, in no particular order; those that are not stored are not among them."""
    return read_runs(folder, "SELECT runs.* FROM runs JOIN wanted USING (run_id)", ids=ids)


def query_folder(folder: Path, sql: str) -> pd.DataFrame:
    """Answer to one SELECT, WITH, PIVOT, SUMMARIZE or DESCRIBE statement of a user's.

    The tables of the output folder are named like their files; a study's is ``runs``.
    """
    if not folder.is_dir():
        raise InputError(f"{folder}: {'is a file, not an output folder' if folder.exists() else 'no such folder'}")

    def asked() -> pd.DataFrame:
        with contextlib.closing(open_connection()) as connection:
            return interruptible(connection, lambda: _loaded_and_asked(connection, folder, sql))

    return _asked_again(asked)


def _loaded_and_asked(connection: DuckDBPyConnection, folder: Path, sql: str) -> pd.DataFrame:
    """Copy all tables of a folder, close every way to its files, and answer."""
    paths = sorted(folder.glob("*.parquet"))
    connection.execute(f"SET threads = {os.cpu_count() or 1}")
    if (folder / MANIFEST).is_file():
        _make_view(connection, folder, read_manifest(folder))
        with _readable(folder):
            connection.execute("CREATE TABLE loaded AS FROM runs")
        connection.execute("DROP VIEW runs")
        connection.execute("ALTER TABLE loaded RENAME TO runs")
    elif not paths:
        inside = sorted({str(one.parent) for one in folder.glob("*/*.parquet")})
        which = f"; did you mean {' or '.join(inside[:_MOST_NAMED])}?" if inside else ""
        raise InputError(f"{folder}: holds no tables (neither a study nor Parquet files){which}")
    for path in paths:
        _load(connection, path)
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")
    return _answer(connection, sql)


def _load(connection: DuckDBPyConnection, path: Path) -> None:
    name = path.stem.replace('"', '""')
    with readable(f"{path}: {NO_TABLE}"):
        connection.execute(f'CREATE TABLE "{name}" AS FROM read_parquet({quoted(path)}, hive_partitioning = false)')


def _answer(connection: DuckDBPyConnection, sql: str) -> pd.DataFrame:
    import duckdb

    try:
        statements = connection.extract_statements(sql)
        if len(statements) == 1 and statements[0].type.name in _QUESTIONS:
            return connection.execute(statements[0]).df()
    except duckdb.Error as error:
        said = " ".join(str(error).partition("\nLINE ")[0].split())
        raise InputError(f"the query failed: {said}") from error
    raise InputError(
        "a query is one SELECT statement (WITH, PIVOT, SUMMARIZE and DESCRIBE are too); nothing is changed"
    )


_REASONS = r"""
WITH failed AS (
    SELECT strategy, point, replicate, trim(regexp_extract(rtrim(reason, chr(10) || ' '), '[^\n]*$')) AS reason
    FROM runs WHERE status = 'failed'
)
SELECT
    count(*) AS runs,
    arg_min(reason, (point, replicate, strategy)) AS reason,
    arg_min(strategy, (point, replicate, strategy)) AS strategy,
    min(point) AS point,
    arg_min(replicate, (point, replicate, strategy)) AS replicate
FROM failed GROUP BY regexp_replace(reason, '[0-9]+', '#', 'g') ORDER BY runs DESC, reason
"""


class Results:
    """The stored runs of a study; read when asked for.

    Parameters
    ----------
    folder : Path
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._manifest = read_manifest(folder)

    @cached_property
    def study(self) -> Any:
        """The study as it was resolved when it began; of an analysis, plain values that decide its runs."""
        stored = self._manifest.study
        return stored if "columns" in stored else model_of(str(stored["kind"])).model_validate(stored)

    @property
    def study_hash(self) -> str:
        """See `capsim.runs.study.study_hash`."""
        return self._manifest.study_hash

    @property
    def total(self) -> int:
        """Runs of the whole study, stored or not."""
        return self._manifest.runs

    @property
    def runs(self) -> pd.DataFrame:
        """One row a run: who, at which point, how it ended, outcomes. Ordered by point, replicate and strategy."""
        return read_runs(self.folder, "SELECT * FROM runs ORDER BY point, replicate, strategy")

    @property
    def failures(self) -> pd.DataFrame:
        """Failed runs with their reasons."""
        return read_runs(self.folder, "SELECT * FROM runs WHERE status = 'failed' ORDER BY point, replicate, strategy")

    @property
    def counts(self) -> dict[str, int]:
        """Runs by how they ended: done and failed."""
        found = read_runs(self.folder, "SELECT status, count(*) FROM runs GROUP BY 1")
        return {"done": 0, "failed": 0, **dict(found.itertuples(index=False))}

    @property
    def reasons(self) -> pd.DataFrame:
        """Why runs failed, most frequent first: how many, what was said, and the first of them.

        Reasons that differ in numbers alone are one.
        """
        return read_runs(self.folder, _REASONS)

    def query(self, sql: str) -> pd.DataFrame:
        """Answer one SELECT statement (WITH, PIVOT, SUMMARIZE, DESCRIBE too) on the table ``runs``.

        Raises
        ------
        InputError
            If the statement is wrong, or would change something.
        """
        return query_folder(self.folder, sql)

    def __repr__(self) -> str:
        return f"Results({str(self.folder)!r}, study {self._manifest.study['name']!r}, {self.study_hash[:12]})"


class Compaction(NamedTuple):
    """Shards before and after, and rows."""

    before: int
    after: int
    rows: int


def compact_store(folder: Path, *, rows_per_shard: int = ROWS_PER_SHARD) -> Compaction:
    """Merge the shards of a study; killed at any moment, no run is lost."""
    read_manifest(folder)
    with locked(folder):
        (folder / TEMPORARY).mkdir(exist_ok=True)
        sweep_leftovers(folder, alone=True)
        sizes = _sizes(folder)
        groups: list[list[Path]] = []
        rows = rows_per_shard
        for path in sorted(sizes):
            if rows + sizes[path] > rows_per_shard and rows:
                groups.append([])
                rows = 0
            groups[-1].append(path)
            rows += sizes[path]
        new = [_merged(folder, group) for group in groups]
        _remove(set(sizes) - set(new))
        return Compaction(len(sizes), len(new), sum(sizes.values()))


def merge_shards(folder: Path, shards: Sequence[Path]) -> None:
    """Make one shard of some that this driver has had written; a reader sees every run at any moment."""
    there = [path for path in shards if path.exists()]
    if len(there) > 1:
        merged = _merged(folder, there)
        _remove(set(there) - {merged})


def _sizes(folder: Path) -> dict[Path, int]:
    """Rows of every shard; reading them also shows that none is damaged and no two runs contradict each other."""
    shards = sorted((folder / RUNS).glob("*/*.parquet"))
    sql = "SELECT filename, count(*) FROM read_parquet(?, filename = true, hive_partitioning = false) GROUP BY ALL"
    with runs_connection(folder) as connection:
        if not shards:
            return {}
        names = [str(path) for path in shards]
        found = interruptible(connection, lambda: connection.execute(sql, [names]).fetchall())
    return {folder / RUNS / Path(name).parent.name / Path(name).name: count for name, count in found}


def _merged(folder: Path, shards: Sequence[Path]) -> Path:
    """One shard of several; rows of the same run that are equal become one."""
    if len(shards) == 1:
        return shards[0]
    target = shard_path(folder, sorted(path.name for path in shards), "compact")
    names = ", ".join(map(quoted, shards))
    rows = f"SELECT DISTINCT * FROM read_parquet([{names}], hive_partitioning = false) ORDER BY point, replicate"
    write_whole(folder, target, rows, {})
    if not target.exists():
        raise OutputError(f"{folder}: the merged shard has vanished; somebody else works on this folder")
    return target


def _remove(shards: set[Path]) -> None:
    for path in sorted(shards):
        path.unlink()
        with contextlib.suppress(OSError):
            path.parent.rmdir()
