"""Columns of the state as users read and write them: what may be written; whole columns. Knows no Mesa."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from capsim.errors import InputError, nearest_name
from capsim.numbers import shown
from capsim.world import World

if TYPE_CHECKING:
    import pandas as pd

Kind = Literal["share", "shares of one", "whole months"]

STAFF_KINDS: Mapping[str, Kind] = {
    "skill": "share",
    "disposition": "shares of one",
    "priority": "shares of one",
    "engagement": "share",
    "tenure": "whole months",
}
"""Columns of staff that a user may write, and what their values are."""

ORGANIZATION_KINDS: Mapping[str, Kind] = {
    "routine": "share",
    "plan": "shares of one",
    "use": "share",
    "use_unmultiplied": "share",
    "culture": "share",
    "data_systems": "share",
    "funding": "share",
    "resource_alignment": "share",
    "finances": "shares of one",
    "personnel": "shares of one",
    "committed": "share",
}
"""Columns of organizations that a user may write, and what their values are."""

_STAFF_READ = (
    *("person", "attention", "vacant_months", "recipient_hours"),
    *("organization", "unit", "role", "liaison", "hazard"),
)
_ORGANIZATION_READ = (
    *("exits", "areas_served", "outside_initiatives", "ta_hours", "leader_exit_age"),
    *("level", "parent", "market", "enrollment", "weight", "sparse", "size_group"),
)
_SLACK = 1e-9
_MOST_MONTHS = 1_200


def checked(name: str, kind: Kind, value: Any, shape: tuple[int, ...], whose: str) -> NDArray[Any]:
    """Values that may be written to a column; a single number stands for all entries.

    A share is in [0, 1], shares of one sum to 1 over areas, whole months are whole numbers from 0.
    """
    given = _numbers(name, value, whose)
    try:
        array = np.broadcast_to(given, shape).astype(np.int32 if kind == "whole months" else np.float64)
    except ValueError:
        raise InputError(f"{whose}: {name} has shape {shape}, got {given.shape}") from None
    if kind == "whole months":
        if array.size and not (given.min() >= 0 and given.max() <= _MOST_MONTHS and np.all(given == np.floor(given))):
            raise InputError(f"{whose}: {name} must be whole months from 0 to {_MOST_MONTHS:,}, got {shown(value)}")
        return array
    if array.size and not (array.min() >= -_SLACK and array.max() <= 1.0 + _SLACK):
        raise InputError(f"{whose}: {name} must be in [0, 1], got {_few(given)}")
    np.clip(array, 0.0, 1.0, out=array)
    if kind == "shares of one":
        total = array.sum(axis=-1, keepdims=True)
        if array.size and not np.abs(total - 1.0).max() <= 1e-6:
            raise InputError(f"{whose}: {name} must sum to 1 over the areas; got {_few(given)}, with sum {_few(total)}")
        np.divide(array, total, out=array)
    return array


def _numbers(name: str, value: Any, whose: str) -> NDArray[Any]:
    try:
        given = np.asarray(value)
    except (TypeError, ValueError):  # rows of different lengths, and what has an __array__ that fails
        given = np.empty(0, object)
    if given.dtype.kind not in "iuf":
        raise InputError(f"{whose}: {name} must be numbers, got {shown(value)}")
    return given


def _few(values: NDArray[Any]) -> str:
    flat = values.ravel()
    text = ", ".join(f"{value:.6g}" for value in flat[:8].tolist())
    return f"{text}, ..." if len(flat) > 8 else text


@dataclass(frozen=True, slots=True)
class Columns(Mapping[str, NDArray[Any]]):
    """The columns of staff or of organizations, as arrays.

    ``columns["skill"]`` is the engine's own array: one row per position (or organization), vacant positions
    zero. Its elements may be changed in place; the world is then checked before and after every month.
    ``columns["skill"] = values`` checks at once. Columns that only the engine may change are read-only.
    `handed_out` is called whenever a column leaves that can be written.
    """

    world: World
    of: Literal["staff", "organizations"]
    handed_out: Callable[[], None]

    @property
    def _kinds(self) -> Mapping[str, Kind]:
        return STAFF_KINDS if self.of == "staff" else ORGANIZATION_KINDS

    @property
    def _names(self) -> tuple[str, ...]:
        return (*self._kinds, *(_STAFF_READ if self.of == "staff" else _ORGANIZATION_READ))

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)

    def __contains__(self, name: object) -> bool:
        return name in self._names

    def __getitem__(self, name: str) -> NDArray[Any]:
        self._known(name)
        if name in self._kinds:
            self.handed_out()
            column: NDArray[Any] = getattr(self.world, name)
            return column
        source = self.world if hasattr(self.world, name) else self.world.layout
        view: NDArray[Any] = getattr(source, name).view()
        view.flags.writeable = False
        return view

    def __setitem__(self, name: str, value: ArrayLike) -> None:
        """Check and write a whole column; rows of vacant positions stay zero."""
        self._known(name)
        if name not in self._kinds:
            raise InputError(f"{self.of}: {name} may only be read; to be written: {', '.join(self._kinds)}")
        column: NDArray[Any] = getattr(self.world, name)
        live = self.world.person >= 0 if self.of == "staff" else np.ones(len(column), np.bool_)
        given = _numbers(name, value, self.of)
        try:
            rows = np.broadcast_to(given, column.shape)[live]
        except ValueError:
            raise InputError(f"{self.of}: {name} has shape {column.shape}, got {given.shape}") from None
        written = checked(name, self._kinds[name], rows, rows.shape, self.of)
        column[live] = written
        column[~live] = 0

    def _known(self, name: Any) -> None:
        if name not in self._names:
            known = ", ".join(self._names)
            raise InputError(f"{self.of}: no column {name!r}; there are {known}{nearest_name(name, self._names)}")

    def to_frame(self) -> pd.DataFrame:
        """Copy as a DataFrame; columns with areas become one per area, ``skill_equity``."""
        import pandas as pd

        frame: dict[str, NDArray[Any]] = {}
        for name in self:
            column = getattr(self.world, name, None)
            column = getattr(self.world.layout, name) if column is None else column
            if column.ndim == 1:
                frame[name] = column.copy()
            else:
                frame.update({f"{name}_{area}": column[:, k].copy() for k, area in enumerate(self.world.layout.areas)})
        return pd.DataFrame(frame)
