"""The public names, and what importing them costs."""

from __future__ import annotations

import pkgutil
import subprocess
import sys

import pytest

import capsim

HEAVY = ("mesa", "pandas", "numba", "matplotlib", "scipy", "networkx", "pydantic", "duckdb", "numpy", "yaml")

PROBE = f"""
import sys, time
start = time.process_time()
import capsim
assert capsim.__version__ and "CapacityModel" in dir(capsim)
spent = time.process_time() - start
print(spent, *[name for name in {HEAVY!r} if name in sys.modules])
"""


def test_importing_is_quick_and_light() -> None:
    ran = subprocess.run([sys.executable, "-c", PROBE], capture_output=True, text=True, check=True)
    spent, *heavy = ran.stdout.split()
    assert heavy == []
    assert float(spent) < 0.3


def test_all_names_are_there() -> None:
    assert len(set(capsim.__all__)) == len(capsim.__all__)
    for name in capsim.__all__:
        value = getattr(capsim, name)
        assert value is getattr(capsim, name)
        assert getattr(value, "__name__", name) == name or not isinstance(value, type)
    assert set(capsim.__all__) <= {*dir(capsim), "__version__"}


def test_no_room_hides_a_public_name() -> None:
    """Importing a package sets an attribute of its name on the package above."""
    rooms = {found.name for found in pkgutil.iter_modules(capsim.__path__)}
    assert not rooms & set(capsim.__all__)


def test_unknown_names_are_attribute_errors() -> None:
    with pytest.raises(AttributeError, match="CapacityModell"):
        _ = capsim.CapacityModell
