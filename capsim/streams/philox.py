"""One random stream per purpose. Draws are numpy's Philox4x64-10, addressed by what they are for instead of by order.

A draw is a pure function of (run key, process, organization identity, row within the organization, month). So a
position that is added to one agency, a reordered table, another strategy or a resumed run changes no other draw. The
generator is the published Philox of Salmon et al. (2011) as numpy implements it; a test compares every bit with
``numpy.random.Philox``. Knows nothing of the model.
"""

from __future__ import annotations

import numpy as np
from llvmlite import ir
from numba import types
from numba.extending import intrinsic
from numpy.typing import NDArray

from capsim.kernels import kernel
from capsim.streams.keys import key_from_name

_MULTIPLIER_0 = np.uint64(0xD2E7470EE14C6C93)
_MULTIPLIER_1 = np.uint64(0xCA5A826395121157)
_WEYL_0 = np.uint64(0x9E3779B97F4A7C15)
_WEYL_1 = np.uint64(0xBB67AE8584CAA73B)
_TO_UNIT = 1.0 / 9007199254740992.0
_ELEVEN = np.uint64(11)
_ONE = np.uint64(1)
_WORD = 2**64


@intrinsic
def _multiply_high(typingctx, a, b):
    """Upper 64 bits of the product of two unsigned 64-bit integers (one machine instruction)."""

    def codegen(context, builder, signature, args):
        wide = ir.IntType(128)
        product = builder.mul(builder.zext(args[0], wide), builder.zext(args[1], wide))
        return builder.trunc(builder.lshr(product, ir.Constant(wide, 64)), ir.IntType(64))

    return types.uint64(types.uint64, types.uint64), codegen


@kernel
def _philox(c0, c1, c2, c3, k0, k1):
    """Ten rounds of Philox4x64 on one counter."""
    for _ in range(10):
        high_0 = _multiply_high(_MULTIPLIER_0, c0)  # type: ignore[call-arg,var-annotated]
        low_0 = _MULTIPLIER_0 * c0
        high_1 = _multiply_high(_MULTIPLIER_1, c2)
        low_1 = _MULTIPLIER_1 * c2
        c0, c1, c2, c3 = high_1 ^ c1 ^ k0, low_1, high_0 ^ c3 ^ k1, low_0
        k0 += _WEYL_0
        k1 += _WEYL_1
    return c0, c1, c2, c3


@kernel
def fill_row(out, run_key, process_key, identity, row, month):
    """Fill one row (d,) of what `fill_uniform` fills."""
    d = len(out)
    column = 0
    block = np.uint64(0)
    while column < d:
        block += _ONE
        x0, x1, x2, x3 = _philox(block, row, identity, month, run_key, process_key)
        out[column] = (x0 >> _ELEVEN) * _TO_UNIT
        if column + 1 < d:
            out[column + 1] = (x1 >> _ELEVEN) * _TO_UNIT
        if column + 2 < d:
            out[column + 2] = (x2 >> _ELEVEN) * _TO_UNIT
        if column + 3 < d:
            out[column + 3] = (x3 >> _ELEVEN) * _TO_UNIT
        column += 4


@kernel
def fill_uniform(out, run_key, process_key, identity, row, month):
    """Fill `out` (n, d) with uniform numbers in [0, 1).

    Row r, column d is output ``d % 4`` of Philox with key (run_key, process_key) and counter
    (1 + d // 4, row[r], identity[r], month): what ``numpy.random.Philox`` yields from counter (d // 4, ...).

    Parameters
    ----------
    out : (n, d) float64
        Overwritten.
    run_key, process_key, month : uint64
    identity, row : (n,) uint64
        Who a row belongs to, and which of its rows it is.
    """
    for r in range(len(out)):
        fill_row(out[r], run_key, process_key, identity[r], row[r], month)


def uniforms(
    *, run_key: int, purpose: str, identity: NDArray[np.uint64], columns: int, month: int = 0
) -> NDArray[np.float64]:
    """Block of uniform numbers in [0, 1), shape (len(identity), columns), for work outside the monthly loop.

    Parameters
    ----------
    run_key : int
        64-bit key of the run or world.
    purpose : str
        What the numbers are for; another purpose gives other numbers.
    identity : (n,) uint64
        Stable identity of each row, for example of an agency.
    columns : int
        Numbers per row.
    month : int
        Month they belong to; 0 before the first.
    """
    out = np.empty((len(identity), columns))
    fill_uniform(
        out,
        np.uint64(run_key % _WORD),
        np.uint64(key_from_name(purpose)),
        identity,
        np.zeros(len(identity), np.uint64),
        np.uint64(month),
    )
    return out
