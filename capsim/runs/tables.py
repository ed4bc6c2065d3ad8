"""Tables to Parquet files and back, through DuckDB; and shards: tables of finished runs, there whole or not at all."""

from __future__ import annotations

import contextlib
import hashlib
import os
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from capsim.errors import InputError
from capsim.paths import write_error
from capsim.runs.designs import RULE_FACTORS
from capsim.runs.output import flush_folder

if TYPE_CHECKING:
    import pandas as pd
    from duckdb import DuckDBPyConnection

T = TypeVar("T")

RUNS, TEMPORARY = "runs", "tmp"
"""Folders of shards, and of files that are being written."""

STORED = "everything that was reported done is stored. Make room and run the same command again"
"""What is safe in a store whose disk is full."""

NO_TABLE = "not readable as a Parquet table"
TEXTS = ("run_id", "strategy", "status", "reason", *RULE_FACTORS)
INTEGERS = ("replicate", "luck", "point")
"""Columns of shards that are no real numbers."""

_SETTINGS = (
    "threads = 1",
    "enable_progress_bar = false",
    "temp_directory = ''",
    "memory_limit = '50%'",
    "autoinstall_known_extensions = false",
)
_COMPRESSION = "FORMAT parquet, COMPRESSION zstd"
_kept = threading.local()


def open_connection() -> DuckDBPyConnection:
    """In-memory connection that uses one thread, no network, no temporary files and prints nothing."""
    import duckdb

    connection = duckdb.connect()
    interruptible(connection, lambda: [connection.execute(f"SET {setting}") for setting in _SETTINGS])
    return connection


def interruptible(connection: DuckDBPyConnection, work: Callable[[], T]) -> T:
    """Do all work with a connection in another thread, while this one waits for a signal that ends it.

    DuckDB does not always hear Ctrl-C, and where it does it says so as an error of its own.
    """
    with _held_signals() as came, ThreadPoolExecutor(1) as thread:
        answer = thread.submit(work)
        while not wait([answer], timeout=0.1).done:
            if came:
                connection.interrupt()
    return answer.result()


@contextlib.contextmanager
def _held_signals() -> Iterator[list[int]]:
    """Hold Ctrl-C and SIGTERM back; what came in the meantime is delivered at the end.

    Only the main thread is ever told of a signal, so there is nothing to hold back in another.
    """
    came: list[int] = []
    before: dict[int, Any] = {}
    if threading.current_thread() is threading.main_thread():
        handlers = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
        before = {number: handler for number, handler in handlers.items() if callable(handler)}
    with contextlib.ExitStack() as restored:
        for number, handler in before.items():
            restored.callback(signal.signal, number, handler)
            signal.signal(number, lambda number, frame: came.append(number))
        yield came
    for number in came:
        before[number](number, None)


def quoted(text: object) -> str:
    """A text in DuckDB's language."""
    return "'" + str(text).replace("'", "''") + "'"


def first_line(error: Exception) -> str:
    """What an error of DuckDB says, without the query it quotes below."""
    return (str(error).strip().splitlines() or [type(error).__name__])[0]


@contextlib.contextmanager
def readable(what: str) -> Iterator[None]:
    """Refuse what DuckDB cannot read inside, saying `what` is wrong."""
    import duckdb

    try:
        yield
    except duckdb.Error as error:
        raise InputError(f"{what}: {first_line(error)}") from error


def write_table(table: pd.DataFrame, path: Path) -> None:
    """Write a table with at least one column as a Parquet file; NaN is written as null."""
    import duckdb

    try:
        _copy("SELECT * FROM result", {"result": table}, path)
    except duckdb.Error as error:
        raise write_error(Path(path.name), error) from error


def read_table(path: Path) -> pd.DataFrame:
    """Read a Parquet file that `write_table` wrote, rows in the same order."""
    if not path.is_file():
        raise InputError(f"{path}: is missing")
    # A folder named like `key=value` is a folder, not a column.
    sql = "SELECT * FROM read_parquet(?, hive_partitioning = false)"
    with contextlib.closing(open_connection()) as connection, readable(f"{path}: {NO_TABLE}"):
        return interruptible(connection, lambda: connection.execute(sql, [str(path)]).df())


def shard_path(folder: Path, ids: Iterable[str], salt: str = "") -> Path:
    """Place of the shard that holds these runs: its name is made of theirs, so the same runs make the same shard.

    `salt` sets a second attempt at failed runs apart from the first.
    """
    name = hashlib.sha256("\n".join([salt, *ids]).encode()).hexdigest()[:24]
    return folder / RUNS / name[:2] / f"{name}.parquet"


def temporary_file(folder: Path, name: str) -> Path:
    """A name under `TEMPORARY` that nobody else uses."""
    return folder / TEMPORARY / f"{name}.{socket.gethostname()[:40]}.{os.getpid()}.{time.time_ns()}"


def write_shard(folder: Path, path: Path, rows: Sequence[Mapping[str, Any]], columns: Sequence[str]) -> None:
    """Write runs as a Parquet file that appears whole or not at all; one that is there is left as it is.

    A value that a row lacks is null.
    """
    if not path.exists():
        write_whole(folder, path, "SELECT * FROM shard", {"shard": _arrays(rows, columns)})


def write_whole(folder: Path, path: Path, sql: str, tables: Mapping[str, Any]) -> None:
    """Write the answer to a query as a Parquet file: temporary name, flushed to the disk, then renamed."""
    import duckdb

    draft = temporary_file(folder, path.stem)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _copy(sql, tables, draft)
        with draft.open("r+b") as file:
            os.fsync(file.fileno())
        os.replace(draft, path)
        flush_folder(path.parent)
    except (OSError, duckdb.Error) as error:
        raise write_error(folder, error, safe=STORED) from error
    finally:
        with contextlib.suppress(OSError):
            draft.unlink(missing_ok=True)


def _copy(sql: str, tables: Mapping[str, Any], target: Path) -> None:
    """With one connection of this thread, kept: to open one takes longer than to write a shard."""
    if not hasattr(_kept, "connection"):
        _kept.connection = open_connection()
    connection: DuckDBPyConnection = _kept.connection

    def copied() -> None:
        try:
            for name, table in tables.items():
                connection.register(name, table)
            connection.execute(f"COPY ({sql}) TO {quoted(target)} ({_COMPRESSION})")
        finally:
            for name in tables:
                connection.unregister(name)

    interruptible(connection, copied)


def _arrays(rows: Sequence[Mapping[str, Any]], columns: Sequence[str]) -> dict[str, Any]:
    """Columns as arrays with one type each, whatever the rows hold: all shards have the same schema."""
    arrays: dict[str, Any] = {}
    for name in columns:
        if name in TEXTS:
            arrays[name] = np.array([str(row.get(name, "")) for row in rows], dtype=object)
        elif name in INTEGERS:
            arrays[name] = np.array([row[name] for row in rows], np.int64)
        else:
            arrays[name] = np.array([row.get(name, np.nan) for row in rows], np.float64)
    return arrays
