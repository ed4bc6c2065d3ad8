"""Shards: tables of finished runs, on the disk whole or not at all. What workers need of the store."""

from __future__ import annotations

import contextlib
import hashlib
import os
import socket
import threading
import time
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from capsim.paths import write_error
from capsim.runs.tables import open_connection

__all__ = ["RUNS", "STORED", "TEMPORARY", "shard_path", "temporary_file", "write_shard", "write_whole"]

RUNS, TEMPORARY = "runs", "tmp"
"""Folders of shards, and of files that are being written."""

STORED = "everything that was reported done is stored. Make room and run the same command again"
"""What is safe in a store whose disk is full."""

_COMPRESSION = "FORMAT parquet, COMPRESSION zstd"
_INTEGERS = ("replicate", "luck", "point")
_kept = threading.local()


def shard_path(folder: Path, ids: Iterable[str], salt: str = "") -> Path:
    """Place of the shard that holds these runs: its name is made of theirs, so the same runs make the same shard.

    Parameters
    ----------
    folder : Path
    ids : iterable of str
    salt : str
        Sets a second attempt at failed runs apart from the first.
    """
    name = hashlib.sha256("\n".join([salt, *ids]).encode()).hexdigest()[:24]
    return folder / RUNS / name[:2] / f"{name}.parquet"


def temporary_file(folder: Path, name: str) -> Path:
    """A name under `TEMPORARY` that nobody else uses."""
    return folder / TEMPORARY / f"{name}.{socket.gethostname()[:40]}.{os.getpid()}.{time.time_ns()}"


def write_shard(folder: Path, path: Path, rows: Sequence[Mapping[str, Any]], columns: Sequence[str]) -> None:
    """Write runs as a Parquet file that appears whole or not at all; one that is there is left as it is.

    Parameters
    ----------
    folder : Path
        Of the study.
    path : Path
        See `shard_path`.
    rows : sequence of mapping
        Values by column; a missing one is null.
    columns : sequence of str

    Raises
    ------
    DiskFullError
        If there is no room.
    OutputError
        If it cannot be written for another reason.
    """
    if not path.exists():
        write_whole(folder, path, "SELECT * FROM shard", {"shard": _arrays(rows, columns)})


def write_whole(folder: Path, path: Path, sql: str, tables: Mapping[str, Any]) -> None:
    """Write the answer to a query as a Parquet file: temporary name, flushed to the disk, then renamed."""
    import duckdb

    draft = temporary_file(folder, path.stem)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _copy(sql, tables, str(draft).replace("'", "''"))
        with draft.open("r+b") as file:
            os.fsync(file.fileno())
        os.replace(draft, path)
        _flush_folder(path.parent)
    except (OSError, duckdb.Error) as error:
        raise write_error(folder, error, safe=STORED) from error
    finally:
        with contextlib.suppress(OSError):
            draft.unlink(missing_ok=True)


def _copy(sql: str, tables: Mapping[str, Any], target: str) -> None:
    connection = _own_connection()
    try:
        for name, table in tables.items():
            connection.register(name, table)
        connection.execute(f"COPY ({sql}) TO '{target}' ({_COMPRESSION})")
    finally:
        for name in tables:
            connection.unregister(name)


def _own_connection() -> Any:
    """One connection of this thread, kept: to open one takes longer than to write a shard."""
    if not hasattr(_kept, "connection"):
        _kept.connection = open_connection()
    return _kept.connection


def _flush_folder(folder: Path) -> None:
    if not hasattr(os, "O_DIRECTORY"):
        return
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


_TEXTS = ("run_id", "strategy", "status", "reason")


def _arrays(rows: Sequence[Mapping[str, Any]], columns: Sequence[str]) -> dict[str, Any]:
    """Columns as arrays with one type each, whatever the rows hold: all shards have the same schema."""
    arrays: dict[str, Any] = {}
    for name in columns:
        if name in _TEXTS:
            arrays[name] = np.array([str(row.get(name, "")) for row in rows], dtype=object)
        elif name in _INTEGERS:
            arrays[name] = np.array([row[name] for row in rows], np.int64)
        else:
            arrays[name] = np.array([row.get(name, np.nan) for row in rows], np.float64)
    return arrays
