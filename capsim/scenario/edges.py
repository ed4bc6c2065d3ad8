"""A user's edge list of advice ties between agencies."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
from numpy.typing import NDArray

from capsim.errors import InputError, nearest_name
from capsim.numbers import how_to_write, number_in
from capsim.scenario.csv_rows import read_rows, shown_path
from capsim.scenario.table import AgencyTable

__all__ = ["read_edges"]


def read_edges(path: str, table: AgencyTable) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.float64]]:
    """Directed ties between agencies, ordered by their rows whatever the order of the file.

    Parameters
    ----------
    path : str
        CSV with the columns from, to (agency ids) and optionally strength, in (0, 1]; without it, 1.
    table : AgencyTable
        The agencies of the world.

    Returns
    -------
    from_row, to_row : (e,) int32
        Rows of `table`; `from_row` asks `to_row` for advice.
    strength : (e,) float64

    Raises
    ------
    InputError
        With one line for every problem, as ``path:line: column: message``.
    """
    rows, problems = read_rows(path, ("from", "to"), ("strength",))
    path = shown_path(path)
    row_of = {str(identity): number for number, identity in enumerate(table.id)}
    ties: dict[tuple[int, int], float] = {}
    first: dict[tuple[str, str], int] = {}
    for line, row in rows:
        ends = (row["from"], row["to"])
        strength = _strength(row.get("strength", ""))
        faults = list(_problems_of_tie(ends, row_of))
        if ends in first:
            faults.append(f"the tie from {ends[0]!r} to {ends[1]!r} is given twice, first on line {first[ends]}")
        if strength is None:
            allowed = f"allowed: a number above 0, at most 1{how_to_write(row['strength'])}"
            faults.append(f"strength: {row['strength']!r} is not allowed; {allowed}")
        elif not faults:
            ties[row_of[ends[0]], row_of[ends[1]]] = strength
        first.setdefault(ends, line)
        problems += [f"{path}:{line}: {fault}" for fault in faults]
    if problems:
        raise InputError(problems)
    ordered = sorted(ties.items())
    pairs = np.array([ends for ends, _ in ordered], dtype=np.int32).reshape(-1, 2)
    return pairs[:, 0].copy(), pairs[:, 1].copy(), np.array([strength for _, strength in ordered])


def _problems_of_tie(ends: tuple[str, str], row_of: Mapping[str, int]) -> Iterator[str]:
    for column, identity in zip(("from", "to"), ends, strict=True):
        if identity not in row_of:
            yield f"{column}: no agency has the id {identity!r}{nearest_name(identity, row_of)}"
    if ends[0] == ends[1]:
        yield f"to: {ends[1]!r} has a tie to itself"


def _strength(text: str) -> float | None:
    if not text:
        return 1.0
    value = number_in(text)
    return float(value) if value is not None and 0.0 < value <= 1.0 else None
