"""The stored runs as one table: read by SQL, each run once. Reading executes nothing that is stored."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from capsim.errors import InputError
from capsim.runs.shards import RUNS
from capsim.runs.store import Manifest, read_manifest
from capsim.runs.tables import first_line, open_connection

if TYPE_CHECKING:
    import pandas as pd
    from duckdb import DuckDBPyConnection

__all__ = ["query_runs", "runs_connection", "stored_rows", "stored_runs"]

_READ_ONLY = ("SELECT", "EXPLAIN")


def _literal(folder: Path) -> str:
    """A folder in DuckDB's language of patterns; it may be named like one."""
    return re.sub(r"([*?\[])", r"[\1]", str(folder.resolve()))


def _shards(folder: Path) -> str:
    return f"{_literal(folder)}/{RUNS}/*/*.parquet".replace("'", "''")


@contextlib.contextmanager
def runs_connection(folder: Path, *, threads: int = 1) -> Iterator[DuckDBPyConnection]:
    """Connection with the view ``runs``: one row a run, a done one before a failed one.

    Raises
    ------
    InputError
        If the folder holds no study, a shard is damaged, or two rows of a run contradict each other.
    """
    import duckdb

    manifest = read_manifest(folder)
    with contextlib.closing(open_connection()) as connection:
        connection.execute(f"SET threads = {threads}")
        try:
            _make_view(connection, folder, manifest)
        except duckdb.Error as error:
            raise InputError(f"{folder}: the stored runs cannot be read: {first_line(error)}") from error
        yield connection


def _make_view(connection: DuckDBPyConnection, folder: Path, manifest: Manifest) -> None:
    if not any((folder / RUNS).glob("*/*.parquet")):
        columns = ", ".join(f'NULL::{_type_of(name)} AS "{name}"' for name in manifest.columns)
        connection.execute(f"CREATE VIEW runs AS SELECT {columns} WHERE false")
        return
    rows = f"read_parquet('{_shards(folder)}', hive_partitioning = false)"
    count = connection.execute(f"SELECT count(*), count(DISTINCT run_id) FROM {rows}").fetchone()
    assert count is not None
    if count[0] == count[1]:
        connection.execute(f"CREATE VIEW runs AS SELECT * FROM {rows}")
        return
    _refuse_contradictions(connection, folder, rows)
    connection.execute(
        f"CREATE VIEW runs AS SELECT DISTINCT ON (run_id) * FROM {rows} ORDER BY run_id, status = 'failed', reason"
    )


def _type_of(name: str) -> str:
    if name in {"run_id", "strategy", "status", "reason"}:
        return "VARCHAR"
    return "BIGINT" if name in {"point", "replicate", "luck"} else "DOUBLE"


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


def stored_runs(folder: Path) -> tuple[set[str], set[str]]:
    """Ids of the runs that are done, and of those that failed and never were done."""
    with runs_connection(folder) as connection:
        rows = connection.execute("SELECT run_id, status = 'failed' FROM runs").fetchall()
    failed = {name for name, is_failed in rows if is_failed}
    return {name for name, _ in rows} - failed, failed


def stored_rows(folder: Path, ids: Sequence[str]) -> pd.DataFrame:
    """Rows of some runs, in no particular order; those that are not stored are not among them."""
    import pandas as pd

    with runs_connection(folder) as connection:
        connection.register("wanted", pd.DataFrame({"run_id": sorted(set(ids))}))
        return connection.execute("SELECT runs.* FROM runs JOIN wanted USING (run_id)").df()


def query_runs(folder: Path, sql: str) -> pd.DataFrame:
    """Answer a question to the view ``runs``.

    Parameters
    ----------
    folder : Path
    sql : str
        One SELECT statement.

    Raises
    ------
    InputError
        If the statement is wrong or would change something.
    """
    import os

    import duckdb

    with runs_connection(folder, threads=os.cpu_count() or 1) as connection:
        place, pattern = str(folder.resolve()).replace("'", "''"), _literal(folder).replace("'", "''")
        connection.execute(f"SET allowed_directories = ['{place}', '{pattern}']")
        connection.execute("SET enable_external_access = false")
        connection.execute("SET lock_configuration = true")
        try:
            statements = connection.extract_statements(sql)
            kinds = [str(statement.type).rpartition(".")[2] for statement in statements]
            if len(kinds) != 1 or kinds[0] not in _READ_ONLY:
                raise InputError("a query is one SELECT statement on the table runs; nothing is changed")
            table: pd.DataFrame = connection.execute(statements[0]).df()
        except duckdb.Error as error:
            raise InputError(f"the query failed: {str(error).strip()}") from error
    return table
