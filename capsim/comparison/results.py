"""How results show themselves, in one short line and in a notebook; and what a study has stored, as tables."""

from __future__ import annotations

import html
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from capsim.runs.reading import query_folder, read_runs
from capsim.runs.store import read_manifest
from capsim.runs.study import model_of

if TYPE_CHECKING:
    import pandas as pd


_MOST_LETTERS, _MOST_ROWS = 240, 30


class Result:
    """Base of every result; a subclass says what it is about, and what was found."""

    __slots__ = ()

    def _about(self) -> str:
        """What was asked, in a few words."""
        raise NotImplementedError

    def _found(self) -> tuple[str, pd.DataFrame]:
        """The finding in words, and its table."""
        raise NotImplementedError

    def __repr__(self) -> str:
        about = " ".join(self._about().split())
        about = about if len(about) <= _MOST_LETTERS else f"{about[: _MOST_LETTERS - 3]}..."
        return f"<{type(self).__name__}: {about}>"

    def _repr_html_(self) -> str:
        sentence, table = self._found()
        shown = table.head(_MOST_ROWS).to_html(index=False, float_format="{:.4g}".format, border=0)
        more = f"<p>and {len(table) - _MOST_ROWS} more rows</p>" if len(table) > _MOST_ROWS else ""
        return f"<p>{html.escape(sentence)}</p>{shown}{more}"


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
