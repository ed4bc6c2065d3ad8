"""The rebuilt house gives what the old one gave; see `frozen.py`."""

from __future__ import annotations

import numpy as np
import pytest

from tests.oracle.frozen import PARTS, difference, load

FROZEN = load()


@pytest.mark.parametrize("name", PARTS)
def test_nothing_moved(name: str) -> None:
    moved = difference(name, PARTS[name](), FROZEN)
    assert {key: gap for key, gap in moved.items() if gap > 1e-10} == {}


def test_the_comparison_sees_a_change() -> None:
    frozen = {"x:a": np.array([1.0, 2.0]), "x:b": np.array([1, 2]), "x:cells": np.array(["1", "2"])}
    assert difference("x", {"a": frozen["x:a"], "b": frozen["x:b"], "cells": np.array(["2", "3", "1"])}, frozen) == {}
    now = {"a": np.array([1.0, 2.0 + 1e-9]), "b": np.array([1, 3]), "cells": np.array(["1"])}
    assert difference("x", now, frozen).keys() == {"a", "b", "cells"}
