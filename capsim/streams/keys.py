"""Stable keys: what a stream belongs to, as 64-bit integers that are equal on every machine."""

from __future__ import annotations

import hashlib

__all__ = ["key_from", "key_from_name", "uniform_for_name"]

_TO_UNIT = 1.0 / 9007199254740992.0


def key_from_name(name: str) -> int:
    """Stable 64-bit identity of a name (blake2b), equal on every machine and Python."""
    return int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest(), "little")


def key_from(*parts: int | str) -> int:
    """Stable 64-bit key of a sequence of integers and names; used for run keys."""
    text = "\x1f".join(f"{type(part).__name__}:{part}" for part in parts)
    return key_from_name(text)


def uniform_for_name(key: int, name: str) -> float:
    """One uniform number in [0, 1) that belongs to `name` under `key`."""
    return (key_from("uniform", key, name) >> 11) * _TO_UNIT
