"""Luck: every random number of the twin, addressed by what it is for. Knows nothing of the model."""

from __future__ import annotations

from capsim.streams.keys import key_from_name

__all__ = ["Luck", "squares64", "stream_key"]

ROW_OF_ORGANIZATIONS = 2**64 - 1
ROW_OF_WORLD = 2**64 - 2

WORD = 2**64
GOLDEN = 0x9E3779B97F4A7C15  # 2**64 divided by the golden ratio: its multiples are spread evenly


class Luck:
    """The luck of one run: a number is found by asking what it is for, whose it is, and in which month.

    Asking twice gives the same number, and nobody's number depends on who else asks, or in which order. That
    is why two strategies can be compared under the same luck.

    Parameters
    ----------
    run_key : int
        64-bit key of the run; never contains the strategy.
    """

    def __init__(self, run_key: int) -> None:
        self._run_key = run_key % WORD

    def numbers(self, purpose: str, count: int, *, identity: int, row: int, month: int) -> list[float]:
        """The first `count` uniform numbers in [0, 1) of one row in one month."""
        key = stream_key(self._run_key, key_from_name(purpose), month)
        start = split_mix(identity + (row + 1) * GOLDEN)
        return [(squares64(start + n, key) // 2**11) / 2**53 for n in range(count)]

    def of_world(self, purpose: str, count: int, *, month: int) -> list[float]:
        """Numbers of the world as a whole."""
        return self.numbers(purpose, count, identity=0, row=ROW_OF_WORLD, month=month)

    def of_organization(self, purpose: str, count: int, *, identity: int, month: int) -> list[float]:
        """Numbers of one organization."""
        return self.numbers(purpose, count, identity=identity, row=ROW_OF_ORGANIZATIONS, month=month)

    def of_position(self, purpose: str, count: int, *, identity: int, row: int, month: int) -> list[float]:
        """Numbers of one position: row `row` of the organization `identity`."""
        return self.numbers(purpose, count, identity=identity, row=row, month=month)


def squares64(counter: int, key: int) -> int:
    """Squares (Widynski 2020): the counter times the key is squared five times, the halves exchanged in between."""
    this = counter * key % WORD
    following = (this + key) % WORD
    square = this
    for added in (this, following, this):
        square = exchange_halves((square * square + added) % WORD)
    fourth = (square * square + following) % WORD
    fifth = (exchange_halves(fourth) ** 2 + this) % WORD
    return fourth ^ (fifth // 2**32)


def exchange_halves(word: int) -> int:
    """The upper 32 bits below, the lower 32 bits above."""
    upper, lower = divmod(word, 2**32)
    return lower * 2**32 + upper


def split_mix(word: int) -> int:
    """The mixing function of SplitMix64 (Steele, Lea and Flood 2014): neighbouring words become unlike."""
    word %= WORD
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
        word = (word ^ word >> shift) * factor % WORD
    return word ^ word >> 31


def stream_key(run_key: int, process_key: int, month: int) -> int:
    """Key of a process in a month: odd, and not too regular, which Squares needs."""
    stream = split_mix(run_key + split_mix(process_key + GOLDEN))
    key = split_mix(stream + month * GOLDEN) | 1
    bits = f"{key:064b}"
    changes = sum(one != other for one, other in zip("0" + bits, bits, strict=False))
    return key if changes >= 24 else key ^ int("10" * 32, 2)
