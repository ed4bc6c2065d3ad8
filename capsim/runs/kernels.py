"""Compiled kernels on disk, kept in a way that a process killed at any moment cannot spoil.

numba names the code of a kernel by a number, and writes the index that says which number is which before the code. A
process killed in between, after a source has changed, leaves an index that points to the code of the old source, and
every later process runs that. Here the name of the code says what it was made from, it is written first, and a file
that cannot be read or written costs a compilation and nothing else.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import pickle
import sys
from pathlib import Path
from typing import Any

from numba.core.caching import FunctionCache, IndexDataCacheFile
from numba.core.dispatcher import Dispatcher

__all__ = ["guard_kernels"]

_UNREADABLE = (OSError, EOFError, pickle.UnpicklingError, AttributeError, ImportError, IndexError, ValueError)
"""What cut-off or foreign bytes raise when they are unpickled, and what a disk raises."""


class _Entries(IndexDataCacheFile):
    """Index and code files of one kernel."""

    def save(self, key: Any, data: Any) -> None:
        """Write the code under a name of its own, then name it in the index."""
        origin = repr((self._version, self._source_stamp, key)).encode()
        name = self._data_name(int.from_bytes(hashlib.sha256(origin).digest()[:7]))
        self._save_data(name, data)
        known = self._readable_index()
        self._save_index({**known, key: name})
        if not known:
            self._remove_all_but(name)

    def load(self, key: Any) -> Any:
        """The code, or None if it is not there whole."""
        try:
            return super().load(key)
        except _UNREADABLE:
            return None

    def _readable_index(self) -> dict[Any, str]:
        try:
            return dict(self._load_index())
        except _UNREADABLE:
            return {}

    def _remove_all_but(self, name: str) -> None:
        """Code of other sources; another process that needs one of the files compiles once more."""
        place, base = Path(self._cache_path), self._index_name.removesuffix(".nbi")
        for path in place.glob(f"{base}.*.nbc"):
            if path.name != name:
                with contextlib.suppress(OSError):
                    path.unlink()


class _KernelCache(FunctionCache):
    """Cache of one kernel; a full disk means compiling again next time."""

    def __init__(self, py_func: Any) -> None:
        super().__init__(py_func)
        theirs = self._cache_file
        self._cache_file = _Entries(theirs._cache_path, theirs._index_name.removesuffix(".nbi"), theirs._source_stamp)

    def save_overload(self, sig: Any, data: Any) -> None:
        """Save the code of a signature, if there is room."""
        with contextlib.suppress(OSError):
            super().save_overload(sig, data)


def guard_kernels() -> None:
    """Give every kernel of capsim that is loaded such a cache."""
    _guard_kernels_of(len(sys.modules))


@functools.lru_cache(maxsize=1)
def _guard_kernels_of(modules: int) -> None:
    """The same, unless no module was loaded since the last time."""
    for name, module in list(sys.modules.items()):
        if name.partition(".")[0] != "capsim":
            continue
        for value in list(vars(module).values()):
            if isinstance(value, Dispatcher) and type(getattr(value, "_cache", None)) is FunctionCache:
                value._cache = _KernelCache(value.py_func)  # type: ignore[attr-defined]
