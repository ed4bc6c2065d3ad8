"""How results show themselves: in one short line, and in a notebook as what was found with its table."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING

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
