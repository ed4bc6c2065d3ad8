"""Structures that compiled code takes as one argument: many arrays, or many numbers, under names. Knows no model.

To compiled code a structure is a pointer to a table: of an array its place and its two sides, of a number its bits. The
arrays stay alive with its Python face, and both are the same memory. Passing one to a kernel costs a microsecond,
whatever it holds, and nobody counts who refers to its arrays.
"""

from __future__ import annotations

import ctypes
import hashlib
from collections.abc import Mapping
from typing import Any

import numpy as np
from numba import types
from numba.core import cgutils
from numba.core.datamodel import models
from numba.core.datamodel.registry import default_manager
from numba.core.typing.templates import AttributeTemplate
from numba.extending import NativeValue, infer_getattr, lower_getattr_generic, unbox
from numba.np.arrayobj import populate_array
from numpy.typing import NDArray

_TRIED = np.zeros(3)
_WIDTH = 3
"""Words of an array in the table."""


class StructureType(types.Type):
    """Type of a structure; its name is short, because it is part of the name of every compiled function."""

    def __init__(self, name: str, fields: Mapping[str, Any]) -> None:
        self.fields = dict(fields)
        self.places = {field: n for n, field in enumerate(self.fields)}
        super().__init__(f"{name}{hashlib.sha256(repr(self.fields).encode()).hexdigest()[:8]}")

    def holding(self, values: Mapping[str, Any]) -> Structure:
        """Structure of the given arrays or numbers, one for each field."""
        given = [values[name] for name in self.fields]
        if isinstance(given[0], np.ndarray):
            table = np.array([(_address(array), *array.shape, 0)[:_WIDTH] for array in given])
        else:
            table = np.array(given, np.float64)
        return Structure(self, values, table)


def _address(array: NDArray[Any]) -> int:
    """Where the data of an array lie: the field after the head of its C object; 20 times faster than to ask numpy."""
    return ctypes.c_ssize_t.from_address(id(array) + object.__basicsize__).value


assert _address(_TRIED) == _TRIED.ctypes.data


def structure(name: str, fields: Mapping[str, Any]) -> StructureType:
    """Type of a structure.

    Parameters
    ----------
    name : str
    fields : mapping of str to numba type
        Contiguous arrays of one or two sides, or all float64.
    """
    return StructureType(name, fields)


class Structure:
    """A structure seen from Python: the same names give the same arrays and numbers, so kernels run uncompiled too."""

    __slots__ = ("_numba_type_", "_table", "place", "values")

    def __init__(self, kind: StructureType, values: Mapping[str, Any], table: NDArray[Any]) -> None:
        self._numba_type_ = kind
        self._table = table
        self.place = _address(table)
        self.values = values

    def __getattr__(self, name: str) -> Any:
        try:
            return self.values[name]
        except KeyError:
            raise AttributeError(name) from None


default_manager.register(StructureType, models.OpaqueModel)


@unbox(StructureType)
def _pointer(kind, value, c):
    place = c.pyapi.object_getattr_string(value, "place")
    pointer = c.pyapi.long_as_voidptr(place)
    c.pyapi.decref(place)
    return NativeValue(pointer)


@infer_getattr
class _Fields(AttributeTemplate):
    key = StructureType

    def generic_resolve(self, typ, attr):  # type: ignore[override]
        return typ.fields.get(attr)


@lower_getattr_generic(StructureType)
def _read_field(context, builder, kind, pointer, name):
    """Read a field: a number, or of an array the place and the sides."""
    field = kind.fields[name]
    word = context.get_data_type(types.intp if isinstance(field, types.Array) else field)
    words = builder.bitcast(pointer, word.as_pointer())

    def read(n):
        return builder.load(builder.gep(words, [cgutils.intp_t(n)]))

    if not isinstance(field, types.Array):
        return read(kind.places[name])
    address, *shape = [read(_WIDTH * kind.places[name] + n) for n in range(1 + field.ndim)]
    array = context.make_array(field)(context, builder)
    size = cgutils.intp_t(context.get_abi_sizeof(context.get_data_type(field.dtype)))
    strides = [builder.mul(size, shape[1]), size] if field.ndim == 2 else [size]
    data = builder.inttoptr(address, array.data.type)
    populate_array(array, data=data, shape=shape, strides=strides, itemsize=size, meminfo=None)
    return array._getvalue()
