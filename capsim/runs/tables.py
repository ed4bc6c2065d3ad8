"""Tables to Parquet files and back, through DuckDB; knows nothing of what the tables hold."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from capsim.errors import InputError
from capsim.paths import write_error

if TYPE_CHECKING:
    import pandas as pd
    from duckdb import DuckDBPyConnection

__all__ = ["first_line", "open_connection", "read_table", "write_table"]

_SETTINGS = (
    "threads = 1",
    "enable_progress_bar = false",
    "temp_directory = ''",
    "autoinstall_known_extensions = false",
)


def open_connection() -> DuckDBPyConnection:
    """In-memory connection that uses one thread, no network, no temporary files and prints nothing."""
    import duckdb

    connection = duckdb.connect()
    for setting in _SETTINGS:
        connection.execute(f"SET {setting}")
    return connection


def write_table(table: pd.DataFrame, path: Path) -> None:
    """Write a table with at least one column as a Parquet file; NaN is written as null.

    Raises
    ------
    OutputError
        If the file cannot be written; `DiskFullError` if for want of room.
    """
    import duckdb

    connection = open_connection()
    try:
        connection.register("result", table)
        target = str(path).replace("'", "''")
        connection.execute(f"COPY result TO '{target}' (FORMAT parquet, COMPRESSION zstd)")
    except duckdb.Error as error:
        raise write_error(Path(path.name), error) from error
    finally:
        connection.close()


def read_table(path: Path) -> pd.DataFrame:
    """Read a Parquet file that `write_table` wrote, rows in the same order.

    Raises
    ------
    InputError
        If the file is missing, cut off or no Parquet.
    """
    import duckdb

    if not path.is_file():
        raise InputError(f"{path}: is missing")
    connection = open_connection()
    try:
        # A folder named like `key=value` is a folder, not a column.
        return connection.execute("SELECT * FROM read_parquet(?, hive_partitioning = false)", [str(path)]).df()
    except duckdb.Error as error:
        raise InputError(f"{path}: not readable as a Parquet table: {first_line(error)}") from error
    finally:
        connection.close()


def first_line(error: Exception) -> str:
    """What an error of DuckDB says, without the query it quotes below."""
    return (str(error).strip().splitlines() or [type(error).__name__])[0]
