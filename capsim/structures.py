"""Structures that compiled code takes as one argument: many arrays, or many numbers, under names. Knows no model.

A structure owns nothing but the places and shapes of its arrays; the arrays stay alive with its Python face, and both
are the same memory. Passing one to a kernel costs a microsecond, whatever it holds.
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
from numba.experimental import structref
from numba.extending import infer_getattr, intrinsic, lower_getattr_generic
from numba.np.arrayobj import populate_array
from numpy.typing import NDArray

from capsim.kernels import kernel

_TRIED = np.zeros(3)


class StructureType(types.StructRef):
    """Type of a structure; its name is short, because it is part of the name of every compiled function."""

    def __init__(self, name: str, fields: Any) -> None:
        super().__init__(fields)
        self.names = tuple(name for name, _ in fields)
        self.name = f"{name}{hashlib.sha256(self.name.encode()).hexdigest()[:8]}"

    def holding(self, values: Mapping[str, Any]) -> Structure:
        """Structure of the given arrays or numbers, one for each field."""
        given = [values[name] for name in self.names]
        if isinstance(given[0], np.ndarray):
            table = np.array([(_address(array), *array.shape, 0)[:3] for array in given])
        else:
            table = np.array(given, np.float64).view(np.int64).reshape(-1, 1)
        if self.name not in _PATTERNS:
            _PATTERNS[self.name] = _blank(self)
        made: Structure = _filled(_PATTERNS[self.name], table)
        made.values = values
        return made


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
    return StructureType(name, tuple(fields.items()))


default_manager.register(StructureType, models.StructRefModel)


@infer_getattr
class _Fields(AttributeTemplate):
    key = StructureType

    def generic_resolve(self, typ, attr):  # type: ignore[override]
        return typ.field_dict.get(attr)


@lower_getattr_generic(StructureType)
def _read_field(context, builder, typ, value, name):
    """Read a field; of an array only the place and the shape, for nobody counts who refers to it."""
    stored = getattr(structref._Utils(context, builder, typ).get_data_struct(value), name)
    kind = typ.field_dict[name]
    if not isinstance(kind, types.Array):
        return stored
    from_, array = context.make_array(kind)(context, builder, stored), context.make_array(kind)(context, builder)
    size = cgutils.intp_t(context.get_abi_sizeof(context.get_data_type(kind.dtype)))
    shape = cgutils.unpack_tuple(builder, from_.shape, kind.ndim)
    strides = [builder.mul(size, shape[1]), size] if kind.ndim == 2 else [size]
    populate_array(array, data=from_.data, shape=shape, strides=strides, itemsize=size, meminfo=None)
    return array._getvalue()


class Structure(structref.StructRefProxy):
    """A structure seen from Python: the same names give the same arrays and numbers, so kernels run uncompiled too."""

    __slots__ = ("values",)
    values: Mapping[str, Any]
    # every call asks for the type: its place itself is found faster than a property
    _numba_type_: Any = structref.StructRefProxy._type  # type: ignore[attr-defined]

    def __getattr__(self, name: str) -> Any:
        try:
            return self.values[name]
        except KeyError:
            raise AttributeError(name) from None


structref.define_boxing(StructureType, Structure)
_PATTERNS: dict[str, Structure] = {}
"""An empty structure of each type: the type of an object is found much faster than that of a type."""


@intrinsic
def _fill(typingctx, made, table):
    """Set the fields of a new structure: addresses and shapes of arrays, (n, 3), or bits of numbers, (n, 1)."""

    def codegen(context, builder, signature, args):
        given = context.make_array(signature.args[1])(context, builder, args[1]).data
        data = structref._Utils(context, builder, made).get_data_struct(args[0])
        number = cgutils.intp_t
        for n, (name, kind) in enumerate(made._fields):
            if not isinstance(kind, types.Array):
                bits = builder.load(builder.gep(given, [number(n)]))
                setattr(data, name, builder.bitcast(bits, context.get_data_type(kind)))
                continue
            read = [builder.load(builder.gep(given, [number(3 * n + c)])) for c in range(3)]
            array = context.make_array(kind)(context, builder)
            size = number(context.get_abi_sizeof(context.get_data_type(kind.dtype)))
            shape = read[1 : 1 + kind.ndim]
            populate_array(
                array,
                data=builder.inttoptr(read[0], array.data.type),
                shape=shape,
                strides=[builder.mul(size, shape[1]), size] if kind.ndim == 2 else [size],
                itemsize=size,
                meminfo=None,
            )
            setattr(data, name, array._getvalue())
        return context.get_dummy_value()

    return types.void(made, table), codegen


@intrinsic
def _new(typingctx, pattern):
    """A structure without fields yet, of the type of `pattern` or the type that it is."""
    made = getattr(pattern, "instance_type", pattern)

    def codegen(context, builder, signature, args):
        new = structref.new._defn(typingctx, types.TypeRef(made))[1]
        return new(context, builder, signature, args)

    return made(pattern), codegen


@kernel
def _blank(kind):
    return _new(kind)  # type: ignore[call-arg]


@kernel
def _filled(pattern, table):
    made: Any = _new(pattern)  # type: ignore[call-arg]
    _fill(made, table)
    return made
