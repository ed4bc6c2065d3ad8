"""Compiled kernels on disk: a process that is killed while it writes them, and files that are cut off."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

KERNEL = """\
from capsim.kernels import kernel

@kernel
def moved(x):
    return x + {}
"""
CALLER = """\
from capsim.kernels import kernel
from capsim.moving import moved

@kernel
def moved_twice(x):
    return moved(moved(x))
"""
CALL = "import capsim.moving\nprint(capsim.moving.moved(1.0))"
NUMBAS = ("from capsim.kernels import kernel", "from numba import njit\nkernel = njit(cache=True)")
DIE_BETWEEN_INDEX_AND_CODE = """
import os, signal
from numba.core.caching import IndexDataCacheFile as files
done = []
def save(name):
    write = getattr(files, name)
    def one(*given):
        if done: os.kill(os.getpid(), signal.SIGKILL)
        done.append(write(*given))
    setattr(files, name, one)
save("_save_index")
save("_save_data")
"""


@pytest.fixture
def source(tmp_path):
    """A kernel in a module of capsim of its own, and a way to run code that calls it."""
    place = tmp_path / "extra"
    place.mkdir()
    number = iter(range(100))

    def write(constant: int, text: str = KERNEL, caller: str = CALLER) -> None:
        path = place / "moving.py"
        path.write_text(text.format(constant))
        (place / "calling.py").write_text(caller)
        os.utime(path, (10**9 + next(number),) * 2)

    def run(code: str) -> tuple[int, str]:
        whole = f"import capsim\ncapsim.__path__.append({str(place)!r})\n{code}"
        done = subprocess.run(
            [sys.executable, "-B", "-c", whole],
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
            env={**os.environ, "NUMBA_CACHE_DIR": str(tmp_path / "cache")},
        )
        return done.returncode, done.stdout.strip()

    return write, run


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL")
@pytest.mark.parametrize(("text", "after"), [(KERNEL.replace(*NUMBAS), "2.0"), (KERNEL, "101.0")])
def test_killed_between_index_and_code(source, text, after):
    """Alone, numba runs the old source for ever; this says so, that the guard can go when numba no longer does."""
    write, run = source
    write(1, text)
    assert run(CALL) == (0, "2.0")
    write(100, text)
    assert run(DIE_BETWEEN_INDEX_AND_CODE + CALL)[0] == -9
    assert run(CALL) == (0, after)


def test_a_kernel_in_another_file_that_has_changed(source):
    """numba alone runs the caller with the old code of what it calls."""
    write, run = source
    call = "import capsim.calling\nprint(capsim.calling.moved_twice(1.0))"
    for constant in (1, 2):
        write(constant)
        assert run(call) == (0, f"{1.0 + 2 * constant}")


def test_a_kernel_that_a_later_function_of_the_same_file_calls_has_changed(source):
    """When the first function of a file is decorated, those below it are not there yet."""
    write, run = source
    caller = CALLER.split("@kernel", maxsplit=1)[0] + (
        "@kernel\ndef first(x):\n    return later(x)\n\n@kernel\ndef later(x):\n    return moved(x)\n"
    )
    call = "import capsim.calling\nprint(capsim.calling.first(1.0))"
    for constant in (1, 100):
        write(constant, caller=caller)
        assert run(call) == (0, f"{1.0 + constant}")


def test_whether_code_is_missing_is_known(source):
    write, run = source
    asked = (
        "from capsim.kernels import waits_for_code\nimport capsim.moving\nprint(waits_for_code(capsim.moving.moved))"
    )
    for constant in (1, 2):
        write(constant)
        assert run(asked) == (0, "True")
        assert run(CALL)[0] == 0
        assert run(asked) == (0, "False")


@pytest.mark.parametrize("suffix", ["nbi", "nbc"])
def test_files_that_are_cut_off_cost_a_compilation(source, tmp_path, suffix):
    write, run = source
    write(1)
    assert run(CALL) == (0, "2.0")
    (file,) = (tmp_path / "cache").rglob(f"moving*.{suffix}")
    whole = file.read_bytes()
    for length in (0, 1, len(whole) // 2):
        file.write_bytes(whole[:length])
        assert run(CALL) == (0, "2.0")
        assert file.read_bytes() == whole


def test_a_full_disk_costs_a_compilation(source):
    write, run = source
    write(1)
    full = "import numba.core.caching as c, errno\ndef full(*a): raise OSError(errno.ENOSPC, 'full')\n"
    assert run(full + "c.IndexDataCacheFile._save_data = full\n" + CALL) == (0, "2.0")


def test_code_of_old_sources_goes_and_the_rest_is_used_again(source, tmp_path):
    write, run = source
    names = []
    for constant in (1, 2):
        write(constant)
        for _ in range(2):
            counted = "\nprint(sum(capsim.moving.moved.stats.cache_hits.values()))"
            status, said = run(CALL + counted)
            assert (status, said.split()[0]) == (0, f"{1.0 + constant}")
        assert said.split()[1] == "1", "found on disk"
        names.append([path.name for path in (tmp_path / "cache").rglob("*.nbc")])
    assert len(names[0]) == len(names[1]) == 1
    assert names[0] != names[1]


@pytest.mark.skipif(sys.platform == "win32", reason="folders without the right to write")
@pytest.mark.parametrize("temporary", [True, False])
def test_where_nothing_can_be_written(tmp_path, temporary):
    """A read-only installation and no home: a private temporary folder, else no cache and one line."""
    code = (
        "import numba.core.caching as c\n"
        "c.CacheImpl._locator_classes = [c.UserProvidedCacheLocator]\n"
        "from capsim.world.slots import slot_of\nimport numpy as np\n"
        "print(slot_of(0, 7, np.array([[5, 7]])))"
    )
    if temporary:
        (tmp_path / "temporary").mkdir()
    where = {"TMPDIR": str(tmp_path / "temporary"), "NUMBA_CACHE_DIR": ""}
    code = code if temporary else f"import tempfile\ntempfile.gettempdir = lambda: {str(tmp_path / 'gone')!r}\n{code}"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env={**os.environ, **where}
    )
    assert done.stdout == "1\n"
    assert bool(list(tmp_path.rglob("slots.slot_of*.nbc"))) == temporary
    assert done.stderr.count("\n") == (0 if temporary else 1)


def test_every_kernel_is_guarded():
    code = (
        "import sys\nfrom numba.core.dispatcher import Dispatcher\n"
        "from capsim.runs.crews import compile_kernels\n"
        "own = [v for n, m in list(sys.modules.items()) if n.startswith('capsim') for v in vars(m).values()]\n"
        "kinds = {type(v._cache).__name__ for v in own if isinstance(v, Dispatcher)}\n"
        "assert kinds == {'_KernelCache', 'NullCache'}, kinds\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=Path(__file__).parent)


def test_inner_functions_are_made_for_the_machine_only_in_kernels(source):
    write, run = source
    write(
        3,
        "from capsim.kernels import inner, kernel\n\n@inner\ndef tripled(x):\n    return {} * x\n\n"
        "@kernel\ndef moved(x):\n    return tripled(x) + 1.0\n",
    )
    made = "print([getattr(one.library, '_compiled', False) for f in (moved, tripled) for one in f.overloads.values()])"
    assert run(f"from capsim.moving import moved, tripled\nprint(moved(2.0))\n{made}") == (0, "7.0\n[True, False]")
    assert run(CALL.replace("1.0", "2.0")) == (0, "7.0"), "from what is kept on disk"


def test_code_from_disk_is_linked_into_a_kernel_that_is_compiled_anew(source):
    write, run = source
    write(3)
    assert run(CALL) == (0, "4.0")
    code = (
        "from capsim.calling import moved, moved_twice\nprint(moved_twice(1.0), sum(moved.stats.cache_hits.values()))"
    )
    assert run(code) == (0, "7.0 1")
