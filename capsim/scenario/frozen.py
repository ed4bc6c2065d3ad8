"""A mapping that cannot change and can be hashed and pickled. Knows nothing of scenarios."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, TypeVar

__all__ = ["FrozenMapping"]

Value = TypeVar("Value")


class FrozenMapping(Mapping[str, Value]):
    """Immutable mapping from names to values.

    Parameters
    ----------
    entries : mapping
        Copied.
    """

    __slots__ = ("_entries",)
    _entries: dict[str, Value]

    def __init__(self, entries: Mapping[str, Value] | None = None) -> None:
        object.__setattr__(self, "_entries", dict(entries or {}))

    def __getitem__(self, name: str) -> Value:
        return self._entries[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError("a FrozenMapping cannot change")

    def __hash__(self) -> int:
        return hash(frozenset((name, _hashable(value)) for name, value in self._entries.items()))

    def __repr__(self) -> str:
        return repr(self._entries)

    def __reduce__(self) -> tuple[Any, ...]:
        return (FrozenMapping, (self._entries,))


def _hashable(value: object) -> object:
    return value if isinstance(value, FrozenMapping) else repr(value)
