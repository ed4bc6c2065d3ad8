"""Handles: Mesa agents whose attributes read and write rows of the columns."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar, Generic, Self, SupportsIndex, TypeVar, overload

import mesa
import numpy as np
from numpy.typing import ArrayLike, NDArray

from capsim.errors import InputError, nearest_name
from capsim.model.columns import Kind, checked
from capsim.model.running import RunningModel
from capsim.world import World

T = TypeVar("T")


class Handle(mesa.Agent):
    """A row of the world as a Mesa agent; made by the model when somebody asks for its agents.

    Parameters
    ----------
    place : int
        Where it stands in ``model.agents``.
    """

    model: RunningModel
    unique_id: int
    _place: int
    _kinds: ClassVar[Mapping[str, Kind]]
    _instead: ClassVar[str]

    def __init__(self, model: RunningModel, unique_id: int, place: int) -> None:
        # Not Agent.__init__: before Mesa 3.5 it keeps every model of the session in a table of the class.
        self.__dict__.update(model=model, pos=None, unique_id=unique_id, _place=place)

    def __setattr__(self, name: str, value: Any) -> None:
        if name in self._kinds or name in _MESA or name.startswith("_"):
            super().__setattr__(name, value)
        elif hasattr(type(self), name):
            raise InputError(f"{self._whose()}: {name} may only be read; to be written: {', '.join(self._kinds)}")
        else:
            near = nearest_name(name, self._kinds) or "; a name of your own must begin with _"
            raise InputError(f"{self._whose()}: no attribute {name!r}; to be written: {', '.join(self._kinds)}{near}")

    def __repr__(self) -> str:
        return f"<{self._whose()}>"

    def __reduce__(self) -> tuple[Any, ...]:
        return _same_handle, (type(self), self.model, self.unique_id)

    def _row(self) -> int:
        """Row of the columns, or an error when there is none any more."""
        return self._place

    def _whose(self) -> str:
        """Whom a message is about."""
        raise NotImplementedError

    def remove(self) -> None:
        """Refuse: positions, people and organizations belong to the engine.

        Raises
        ------
        InputError
            Always.
        """
        raise InputError(f"{self._whose()} cannot be removed{self._instead}")

    def _write(self, name: str, value: ArrayLike) -> None:
        column = getattr(self.model._world, name)
        row, kind = self._row(), self._kinds[name]
        if kind != "share" or not _plainly_shares(value, column.shape[1:]):
            value = checked(name, kind, value, column.shape[1:], self._whose())
        column[row] = value


_MESA = ("model", "pos", "unique_id")
"""Attributes that Mesa writes."""


def _same_handle(kind: type[Handle], model: RunningModel, unique_id: int) -> Handle:
    """The handle of a copied model that stands for one of its original."""
    return model._register.handle_of(unique_id) or kind(model, unique_id, 0)


def _plainly_shares(value: ArrayLike, shape: tuple[int, ...]) -> bool:
    """Quick check, right for a float or an array of the column's shape; everything else is checked in full."""
    if isinstance(value, float) and not shape:
        return 0.0 <= value <= 1.0
    if isinstance(value, np.ndarray) and value.dtype == np.float64 and value.shape == shape:
        return all(0.0 <= number <= 1.0 for number in value.tolist())
    return False


class Read(Generic[T]):
    """Attribute of a handle that is only read: a function of the world and the row."""

    def __init__(self, read: Callable[[World, int], T]) -> None:
        self._read = read

    def _value(self, handle: Handle) -> T:
        return self._read(handle.model._world, handle._row())

    @overload
    def __get__(self, handle: None, owner: type) -> Self: ...
    @overload
    def __get__(self, handle: Handle, owner: type) -> T: ...
    def __get__(self, handle: Handle | None, owner: type) -> Self | T:
        return self if handle is None else self._value(handle)


class _Written(Read[T]):
    """Attribute of a handle that is one row of a column; writing checks it."""

    def __init__(self) -> None:
        pass

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    def __set__(self, handle: Handle, value: ArrayLike) -> None:
        handle._write(self._name, value)


class NumberColumn(_Written[float]):
    """One number of a column."""

    def _value(self, handle: Handle) -> float:
        number: float = getattr(handle.model._world, self._name)[handle._row()].item()
        return number


class AreaColumn(_Written["AreaValues"]):
    """The numbers of a row, one per focal area."""

    def _value(self, handle: Handle) -> AreaValues:
        values: AreaValues = getattr(handle.model._world, self._name)[handle._row()].copy().view(AreaValues)
        values._handle, values._column = handle, self._name
        return values


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
        areas = self._handle.model._world.layout.areas if self._handle is not None else ()
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
        now = getattr(handle.model._world, self._column)[handle._row()].copy()
        try:
            now[place] = value
        except (TypeError, ValueError, IndexError) as error:
            raise InputError(f"{handle._whose()}: {self._column}[{key!r}]: {error}") from error
        handle._write(self._column, now)
        np.copyto(self, getattr(handle.model._world, self._column)[handle._row()])

    def __iadd__(self, other: Any) -> Self:  # type: ignore[override,misc]
        self[...] = np.asarray(self) + other
        return self

    def __isub__(self, other: Any) -> Self:  # type: ignore[override,misc]
        self[...] = np.asarray(self) - other
        return self

    def __imul__(self, other: Any) -> Self:  # type: ignore[override,misc]
        self[...] = np.asarray(self) * other
        return self

    def __itruediv__(self, other: Any) -> Self:  # type: ignore[override,misc]
        self[...] = np.asarray(self) / other
        return self
