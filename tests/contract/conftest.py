"""Settled worlds, made once."""

import pytest

from .settled import busy_world, ohio_world


@pytest.fixture(scope="session")
def busy():
    """World and values of the chain of agencies, in which people come and go all the time."""
    return busy_world()


@pytest.fixture(scope="session")
def ohio():
    """World and values of the sample of Ohio's districts."""
    return ohio_world()
