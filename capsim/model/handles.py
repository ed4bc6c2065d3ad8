"""Handles: Mesa agents whose attributes read and write rows of the columns."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar, SupportsIndex, overload

import mesa
import numpy as np
from numpy.typing import ArrayLike, NDArray

from capsim.errors import InputError, nearest_name
from capsim.model.columns import Kind, checked

if TYPE_CHECKING:
    from capsim.model.capacity_model import CapacityModel

__all__ = ["AreaColumn", "AreaValues", "Handle", "NumberColumn"]


class Handle(mesa.Agent):
    """A row of the world as a Mesa agent; made by the model when somebody asks for its agents.

    Parameters
    ----------
    model : CapacityModel
    unique_id : int
    place : int
        Where it stands in ``model.agents``.
    """

    model: CapacityModel
    unique_id: int
    _kinds: ClassVar[Mapping[str, Kind]]

    def __init__(self, model: CapacityModel, unique_id: int, place: int) -> None:
        # Not Agent.__init__: before Mesa 3.5 it keeps every model of the session in a table of the class.
        self.model = model
        self.pos = None
        self.unique_id = unique_id
        self._place = place
        model.register_agent(self)
        self.unique_id = unique_id

    def __repr__(self) -> str:
        return f"<{self._whose()}>"

    def _row(self) -> int:
        """Row of the columns, or an error when there is none any more."""
        return self._place

    def _whose(self) -> str:
        """Whom a message is about."""
        raise NotImplementedError

    def _write(self, name: str, value: ArrayLike) -> None:
        column = getattr(self.model.world, name)
        row, kind = self._row(), self._kinds[name]
        if kind != "share" or not _plainly_shares(value, column.shape[1:]):
            value = checked(name, kind, value, column.shape[1:], self._whose())
        column[row] = value


def _plainly_shares(value: ArrayLike, shape: tuple[int, ...]) -> bool:
    """Quick check, right for a float or an array of the column's shape; everything else is checked in full."""
    if isinstance(value, float) and not shape:
        return 0.0 <= value <= 1.0
    if isinstance(value, np.ndarray) and value.dtype == np.float64 and value.shape == shape:
        return all(0.0 <= number <= 1.0 for number in value.tolist())
    return False


class NumberColumn:
    """Attribute of a handle: one number of a column; writing checks it."""

    def __init__(self, meaning: str) -> None:
        self.__doc__ = meaning

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    @overload
    def __get__(self, handle: None, owner: type) -> NumberColumn: ...
    @overload
    def __get__(self, handle: Handle, owner: type) -> float: ...
    def __get__(self, handle: Handle | None, owner: type) -> NumberColumn | float:
        if handle is None:
            return self
        number: float = getattr(handle.model.world, self._name)[handle._row()].item()
        return number

    def __set__(self, handle: Handle, value: float) -> None:
        handle._write(self._name, value)


class AreaColumn:
    """Attribute of a handle: the numbers of its row, one per focal area; writing checks them."""

    def __init__(self, meaning: str) -> None:
        self.__doc__ = meaning

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    @overload
    def __get__(self, handle: None, owner: type) -> AreaColumn: ...
    @overload
    def __get__(self, handle: Handle, owner: type) -> AreaValues: ...
    def __get__(self, handle: Handle | None, owner: type) -> AreaColumn | AreaValues:
        if handle is None:
            return self
        values: AreaValues = getattr(handle.model.world, self._name)[handle._row()].copy().view(AreaValues)
        values._handle, values._column = handle, self._name
        return values

    def __set__(self, handle: Handle, value: ArrayLike) -> None:
        handle._write(self._name, value)


class AreaValues(np.ndarray[Any, np.dtype[np.float64]]):
    """Numbers of a handle as they were when read, one per focal area.

    Changing elements (``staff.skill[0] = 0.5``, ``staff.skill["equity"] += 0.1``) writes through to the
    engine, checked. Results of arithmetic are plain arrays.
    """

    _handle: Handle | None
    _column: str

    def __array_finalize__(self, source: NDArray[Any] | None) -> None:
        self._handle, self._column = None, ""

    def __array_wrap__(self, array: NDArray[Any], context: Any = None, return_scalar: bool = False) -> Any:
        return array[()] if return_scalar else np.asarray(array)

    def _key(self, key: Any) -> Any:
        if not isinstance(key, str):
            return key
        areas = self._handle.model.world.layout.areas if self._handle is not None else ()
        if key not in areas:
            raise InputError(f"no focal area {key!r}; there are {', '.join(areas)}{nearest_name(key, areas)}")
        return areas.index(key)

    def __getitem__(self, key: SupportsIndex | str | Any) -> Any:
        return super().__getitem__(self._key(key))

    def __setitem__(self, key: SupportsIndex | str | Any, value: Any) -> None:
        place, handle = self._key(key), self._handle
        if handle is None:
            super().__setitem__(place, value)
            return
        column = getattr(handle.model.world, self._column)
        row = handle._row()
        now = column[row].copy()
        now[place] = value
        handle._write(self._column, now)
        np.copyto(self, column[row])

    def __iadd__(self, other: Any) -> AreaValues:  # type: ignore[override,misc]
        self[...] = np.asarray(self) + other
        return self

    def __isub__(self, other: Any) -> AreaValues:  # type: ignore[override,misc]
        self[...] = np.asarray(self) - other
        return self

    def __imul__(self, other: Any) -> AreaValues:  # type: ignore[override,misc]
        self[...] = np.asarray(self) * other
        return self

    def __itruediv__(self, other: Any) -> AreaValues:  # type: ignore[override,misc]
        self[...] = np.asarray(self) / other
        return self
