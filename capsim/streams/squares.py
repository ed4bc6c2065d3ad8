"""One random stream per purpose. Draws are Squares64, addressed by what they are for instead of by order.

A draw is a pure function of (run key, process, organization identity, row within the organization, month). So a
position that is added to one agency, a reordered table, another strategy or a resumed run changes no other draw. The
generator is that of Widynski (2020), five rounds of squaring of a counter under a key. Run, process and month make the
key, organization and row the counter, both through the mixing function of SplitMix64 (Steele, Lea and Flood 2014);
their rule for the increments of Weyl sequences, which Squares' keys are, refuses keys with regular bits.
``python -m validation streams`` tests the numbers as they are addressed. Knows nothing of the model.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from capsim.kernels import kernel
from capsim.streams.keys import key_from_name

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_MIX_0, _MIX_1 = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)
_PAIRS, _TWOS, _FOURS = np.uint64(0x5555555555555555), np.uint64(0x3333333333333333), np.uint64(0x0F0F0F0F0F0F0F0F)
_BYTES, _ALTERNATING = np.uint64(0x0101010101010101), np.uint64(0xAAAAAAAAAAAAAAAA)
_1, _2, _4, _11, _24, _27 = (np.uint64(n) for n in (1, 2, 4, 11, 24, 27))
_30, _31, _32, _56 = (np.uint64(n) for n in (30, 31, 32, 56))
_TO_UNIT = 1.0 / 9007199254740992.0
_WORD = 2**64
_BLOCK = 256
"""Rows of which the counters are kept at a time."""


@kernel
def mixed(word):
    """SplitMix64's mixing function: a bijection of 64 bits in which every bit of `word` sways every bit."""
    word = (word ^ (word >> _30)) * _MIX_0
    word = (word ^ (word >> _27)) * _MIX_1
    return word ^ (word >> _31)


@kernel
def ones(word):
    """Number of ones among 64 bits."""
    word -= (word >> _1) & _PAIRS
    word = (word & _TWOS) + ((word >> _2) & _TWOS)
    word = (word + (word >> _4)) & _FOURS
    return (word * _BYTES) >> _56


@kernel
def stream_key(run_key, process_key, month):
    """Squares key of a process in one month of a run: odd, with at least 24 changes from bit to bit."""
    key = mixed(mixed(run_key + mixed(process_key + _GOLDEN)) + month * _GOLDEN) | _1
    if ones(key ^ (key >> _1)) < _24:
        key ^= _ALTERNATING
    return key


@kernel
def first_counter(identity, row):
    """Counter of the first number of a row of an organization; its further numbers follow."""
    return mixed(identity + (row + _1) * _GOLDEN)


@kernel
def squares(counter, key):
    """Five rounds of Squares64 on one counter."""
    y = counter * key
    z = y + key
    x = y * y + y
    x = (x >> _32) | (x << _32)
    x = x * x + z
    x = (x >> _32) | (x << _32)
    x = x * x + y
    x = (x >> _32) | (x << _32)
    last = x * x + z
    x = (last >> _32) | (last << _32)
    return last ^ ((x * x + y) >> _32)


@kernel
def fill_row(out, key, counter):
    """Fill one row (d,) of what `fill_uniform` fills."""
    for column in range(len(out)):
        out[column] = (squares(counter, key) >> _11) * _TO_UNIT
        counter += _1


@kernel
def fill_rows(out, key, identity, row):
    """Fill the rows (n, d) of what `fill_uniform` fills: counters first, so that the compiler makes several numbers at
    a time of them.
    """
    n, d = out.shape
    if d == 0:
        return
    counters = np.empty((min(n, _BLOCK), d), np.uint64)
    for start in range(0, n, _BLOCK):
        size = min(n - start, _BLOCK)
        identities, rows = identity[start : start + size], row[start : start + size]
        for r in range(size):
            first = np.uint64(first_counter(identities[r], rows[r]))
            for column in range(d):
                counters[r, column] = first + np.uint64(column)
        numbers, of_block = out[start : start + size].reshape(size * d), counters.reshape(counters.size)
        for cell in range(size * d):
            numbers[cell] = (squares(of_block[cell], key) >> _11) * _TO_UNIT


@kernel
def fill_uniform(out, run_key, process_key, identity, row, month):
    """Fill `out` (n, d) with uniform numbers in [0, 1).

    Row r, column d is the upper 53 bits of Squares64 under ``stream_key(run_key, process_key, month)`` at the counter
    ``first_counter(identity[r], row[r]) + d``.

    Parameters
    ----------
    out : (n, d) float64
        Overwritten.
    run_key, process_key, month : uint64
    identity, row : (n,) uint64
        Who a row belongs to, and which of its rows it is.
    """
    key = np.uint64(stream_key(run_key, process_key, month))  # to plain Python a kernel gives back an int
    fill_rows(out, key, identity, row)


def uniforms(
    *,
    run_key: int,
    purpose: str,
    identity: NDArray[np.uint64],
    columns: int,
    month: int = 0,
    row: NDArray[np.uint64] | int = 0,
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
    row : (n,) uint64 or int
        The rest of the address of each row, where several have one identity.
    """
    out = np.empty((len(identity), columns))
    fill_uniform(
        out,
        np.uint64(run_key % _WORD),
        np.uint64(key_from_name(purpose)),
        identity,
        np.full(len(identity), row, np.uint64),
        np.uint64(month),
    )
    return out
