"""A table of the catalogue: its rows by name, in their order, for reading only."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Protocol, TypeVar


class Row(Protocol):
    """Anything with a name."""

    @property
    def name(self) -> str:
        """Identifier."""


R = TypeVar("R", bound=Row)


def table_of(*rows: R) -> Mapping[str, R]:
    """The rows by name."""
    return MappingProxyType({row.name: row for row in rows})
