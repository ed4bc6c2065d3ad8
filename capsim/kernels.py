"""The one decorator of compiled code, and where what it compiles is kept on disk. Knows nothing of the model.

Compiled code lies beside the package where that can be written, else in the user's cache, else in a private temporary
folder, else nowhere. numba knows neither that a kernel in another file which this one calls has changed, nor that a
process was killed between writing its index and its code: here the stamp of a kernel covers all that it calls, code is
written first and under a name that says what it was made from, and a file that cannot be read or written costs a
compilation and nothing else.
"""

from __future__ import annotations

import contextlib
import functools
import gc
import hashlib
import os
import pickle
import stat
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from llvmlite.binding import parse_bitcode
from numba import config, njit
from numba.core import event
from numba.core.caching import FunctionCache, IndexDataCacheFile
from numba.core.codegen import JITCodeLibrary
from numba.core.compiler import CompilerBase, DefaultPassBuilder
from numba.core.compiler_machinery import register_pass
from numba.core.registry import CPUDispatcher
from numba.core.typed_passes import NativeLowering

_UNREADABLE = (OSError, EOFError, pickle.UnpicklingError, AttributeError, ImportError, IndexError, ValueError)
"""What cut-off or foreign bytes raise when they are unpickled, and what a disk raises."""


_njit: Any = njit


class _RareCollection(event.Listener):
    """Lets Python look for unreachable objects rarely while numba compiles: it makes millions that stay, and looking at
    them again and again takes a tenth of the time.
    """

    _compiling, _usual = 0, gc.get_threshold()

    def on_start(self, event: Any) -> None:
        """Compiling begins, maybe of a function that another calls."""
        if self._compiling == 0:
            self._usual = gc.get_threshold()
            gc.set_threshold(50_000, 1000, 1000)
        self._compiling += 1

    def on_end(self, event: Any) -> None:
        """It ends."""
        self._compiling -= 1
        if self._compiling == 0:
            gc.set_threshold(*self._usual)


event.register("numba:compile", _RareCollection())


def kernel(function: Callable[..., Any]) -> Any:
    """Compile a function when it is first called, and keep the code on disk."""
    compiled = _njit(error_model="numpy", no_cfunc_wrapper=True)(function)
    cache = _cache_of(function)
    if cache is not None:
        compiled._cache = cache
    return compiled


def inner(function: Callable[..., Any]) -> Any:
    """Compile a function that only kernels call, as a part of each of them: it has no code of its own anywhere."""
    ways_in = {"no_cfunc_wrapper": True, "no_cpython_wrapper": True}
    compiled = _njit(error_model="numpy", pipeline_class=_InnerCompiler, **ways_in)(function)
    compiled.__class__ = _Inner
    return compiled


def waits_for_code(compiled: Any) -> bool:
    """Whether code of a kernel, as its sources are now, is still missing where it would be kept."""
    return isinstance(compiled._cache, _KernelCache) and not compiled._cache.holds_code()


class _Inner(CPUDispatcher):
    """Without a way in from Python: a call from there would end the interpreter."""

    def add_overload(self, cres: Any) -> None:
        """Keep what is compiled for kernels to find."""
        self.overloads[tuple(cres.signature.args)] = cres

    def __call__(self, *arguments: Any) -> Any:
        raise TypeError(f"{self.py_func.__name__} is called by kernels only; use its py_func")


class _InnerCode(JITCodeLibrary):
    """Code that is optimized, and made for the machine, only as a part of the kernels that call it."""

    def _optimize_final_module(self) -> None:
        pass

    def _finalize_final_module(self) -> None:
        self._finalize_dynamic_globals()
        self._finalized = True


class _LoadedCode(JITCodeLibrary):
    """Code from disk; what a kernel that is compiled anew would link is kept small, as bytes, until one does."""

    def put_away(self) -> None:
        """Keep the module for linking as bytes."""
        module: Any = self._shared_module
        self._bytes, self._shared_module = module.as_bitcode(), None
        module.close()

    def _get_module_for_linking(self) -> Any:
        if self._shared_module is None:
            self._shared_module = parse_bitcode(self._bytes)
        return self._shared_module


@register_pass(mutates_CFG=True, analysis_only=False)
class _InnerLowering(NativeLowering):
    """The step from numba's form of a function to that of LLVM, without making it callable."""

    _name = "inner_lowering"

    def run_pass(self, state: Any) -> bool:
        state.library = _InnerCode(state.targetctx.codegen(), state.func_id.func_qualname)
        state.flags.no_compile = True
        super().run_pass(state)
        lowered, identity = state["cr"], object()
        state.targetctx.insert_user_function(identity, lowered.fndesc, [state.library])
        state["cr"] = lowered._replace(cfunc=identity)
        return True


class _InnerCompiler(CompilerBase):
    """numba's compiler with that step in the place of its own."""

    def define_pipelines(self) -> list[Any]:
        steps = DefaultPassBuilder.define_nopython_pipeline(self.state)
        steps.passes = [(_InnerLowering if step is NativeLowering else step, name) for step, name in steps.passes]
        steps.finalize()
        return [steps]


class _Entries(IndexDataCacheFile):
    """Index and code files of one kernel. Its stamp is taken when it is asked for: then all that it calls is there."""

    def __init__(self, cache_path: str, filename_base: str, function: Any) -> None:
        self._function = function
        super().__init__(cache_path, filename_base, None)

    @property
    def _source_stamp(self) -> tuple[str, ...]:
        return _stamp_of(self._function)

    @_source_stamp.setter
    def _source_stamp(self, stamp: None) -> None:
        pass

    def save(self, key: Any, data: Any) -> None:
        """Write the code under a name of its own, then name it in the index."""
        origin = repr((self._version, self._source_stamp, key)).encode()
        name = self._data_name(int.from_bytes(hashlib.sha256(origin).digest()[:7]))
        self._save_data(name, data)
        known = self.readable_index()
        self._save_index({**known, key: name})
        if not known:
            self._remove_all_but(name)

    def load(self, key: Any) -> Any:
        """The code, or None if it is not there whole."""
        try:
            return super().load(key)
        except _UNREADABLE:
            return None

    def readable_index(self) -> dict[Any, str]:
        """Names of code files by what they were compiled for; empty where the index is of other sources, or broken."""
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

    def __init__(self, function: Any) -> None:
        super().__init__(function)
        theirs = self._cache_file
        self._entries = _Entries(theirs._cache_path, theirs._index_name.removesuffix(".nbi"), function)
        self._cache_file = self._entries

    def holds_code(self) -> bool:
        """Whether there is any."""
        return bool(self._entries.readable_index())

    def load_overload(self, sig: Any, target_context: Any) -> Any:
        """The code of a signature, or None."""
        loaded = super().load_overload(sig, target_context)
        if loaded is not None:
            loaded.library.__class__ = _LoadedCode
            loaded.library.put_away()
        return loaded

    def save_overload(self, sig: Any, data: Any) -> None:
        """Save the code of a signature, if there is room."""
        with contextlib.suppress(OSError):
            super().save_overload(sig, data)


@functools.cache
def _stamp_of(function: Any) -> tuple[str, ...]:
    """What compiled code depends on: the files of a kernel and of all that it calls, and the constants in them."""
    met, parts = {function}, set()
    left = [function]
    while left:
        own, called = _parts_of(left.pop())
        parts |= own
        left += called - met
        met |= called
    return tuple(sorted(parts))


@functools.cache
def _parts_of(function: Any) -> tuple[set[str], set[Any]]:
    """Of one function: its file and constants, and the compiled functions that it names."""
    parts, called = {_hash_of(function.__code__.co_filename)}, set()
    for name in function.__code__.co_names:
        value = function.__globals__.get(name)
        if isinstance(value, bool | int | float | tuple):
            parts.add(f"{function.__qualname__} {name} {value!r}")
        elif hasattr(value, "py_func"):
            called.add(value.py_func)
    return parts, called


@functools.cache
def _hash_of(file: str) -> str:
    return hashlib.sha256(Path(file).read_bytes()).hexdigest()


def _cache_of(function: Any) -> _KernelCache | None:
    try:
        return _KernelCache(function)
    except RuntimeError:  # neither the package's folder nor the user's cache can be written
        folder = _private_folder()
    if folder is None:
        return None
    before = config.CACHE_DIR  # type: ignore[attr-defined]
    config.CACHE_DIR = folder  # type: ignore[attr-defined]
    try:
        return _KernelCache(function)
    except RuntimeError:
        return None
    finally:
        config.CACHE_DIR = before  # type: ignore[attr-defined]


@functools.cache
def _private_folder() -> str | None:
    """A folder for temporary files that only this user can write: what lies in it will be run. None without one."""
    user = os.getuid() if hasattr(os, "getuid") else "cache"
    folder = Path(tempfile.gettempdir()) / f"capsim-{user}"
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        found = folder.lstat()
        private = not hasattr(os, "getuid") or (found.st_uid == user and not found.st_mode & 0o022)
        if stat.S_ISDIR(found.st_mode) and private and os.access(folder, os.W_OK):
            return str(folder)
    except OSError:
        pass
    print("capsim: no folder for compiled code can be written; every start compiles again", file=sys.stderr)
    return None
