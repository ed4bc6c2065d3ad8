"""Tables of many strategies: those of the question in full, all of them when asked for."""

from __future__ import annotations

from collections.abc import Callable

from capsim.report.parts import Fold, Part, Table
from capsim.report.results import Results

__all__ = ["shortened"]


def shortened(
    results: Results, table_of: Callable[[tuple[str, ...]], Table], names: tuple[str, ...] = ()
) -> list[Part]:
    """One table of all strategies; or, of many, a table of the featured ones and a fold with all of them.

    Parameters
    ----------
    results : Results
    table_of : callable
        Makes the table of some strategies.
    names : tuple of str
        All strategies of the table; those of the comparison without it.
    """
    every = names or results.comparison.strategies
    few = tuple(name for name in every if name in results.featured)
    if not results.many or not few or len(few) == len(every):
        return [table_of(every)]
    whole = table_of(every)
    return [table_of(few), Fold(f"{whole.caption}: all {len(every)} strategies", (whole,))]
