"""Compiled kernels on disk: a process that is killed while it writes them, and files that are cut off."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

KERNEL = """\
from numba import njit

@njit(cache=True)
def moved(x):
    return x + {}
"""
CALL = "import capsim.moving\nprint(capsim.moving.moved(1.0))"
GUARDED = "import capsim.moving\nfrom capsim.runs.kernels import guard_kernels\nguard_kernels()\n"
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

    def write(constant: int) -> None:
        path = place / "moving.py"
        path.write_text(KERNEL.format(constant))
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
@pytest.mark.parametrize(("guard", "after"), [("", "2.0"), (GUARDED, "101.0")])
def test_killed_between_index_and_code(source, guard, after):
    """Alone, numba runs the old source for ever; this says so, that the guard can go when numba no longer does."""
    write, run = source
    write(1)
    assert run(guard + CALL) == (0, "2.0")
    write(100)
    assert run(DIE_BETWEEN_INDEX_AND_CODE + guard + CALL)[0] == -9
    assert run(guard + CALL) == (0, after)


@pytest.mark.parametrize("suffix", ["nbi", "nbc"])
def test_files_that_are_cut_off_cost_a_compilation(source, tmp_path, suffix):
    write, run = source
    write(1)
    assert run(GUARDED + CALL) == (0, "2.0")
    (file,) = (tmp_path / "cache").rglob(f"moving*.{suffix}")
    whole = file.read_bytes()
    for length in (0, 1, len(whole) // 2):
        file.write_bytes(whole[:length])
        assert run(GUARDED + CALL) == (0, "2.0")
        assert file.read_bytes() == whole


def test_a_full_disk_costs_a_compilation(source):
    write, run = source
    write(1)
    full = "import numba.core.caching as c, errno\ndef full(*a): raise OSError(errno.ENOSPC, 'full')\n"
    assert run(full + "c.IndexDataCacheFile._save_data = full\n" + GUARDED + CALL) == (0, "2.0")


def test_code_of_old_sources_goes_and_the_rest_is_used_again(source, tmp_path):
    write, run = source
    names = []
    for constant in (1, 2):
        write(constant)
        for _ in range(2):
            counted = "\nprint(sum(capsim.moving.moved.stats.cache_hits.values()))"
            status, said = run(GUARDED + CALL + counted)
            assert (status, said.split()[0]) == (0, f"{1.0 + constant}")
        assert said.split()[1] == "1", "found on disk"
        names.append([path.name for path in (tmp_path / "cache").rglob("*.nbc")])
    assert len(names[0]) == len(names[1]) == 1
    assert names[0] != names[1]


def test_every_kernel_is_guarded():
    code = (
        "import sys\nfrom numba.core.dispatcher import Dispatcher\n"
        "from capsim.runs.blocks import compile_kernels\ncompile_kernels()\n"
        "own = [v for n, m in list(sys.modules.items()) if n.startswith('capsim') for v in vars(m).values()]\n"
        "kinds = {type(v._cache).__name__ for v in own if isinstance(v, Dispatcher)}\n"
        "assert kinds == {'_KernelCache'}, kinds\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=Path(__file__).parent)
