"""The notebook of the documentation runs from top to bottom in a kernel of its own, and holds no results."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest

import capsim

nbformat = pytest.importorskip("nbformat", reason="nbformat is not installed")
nbclient = pytest.importorskip("nbclient", reason="nbclient is not installed")
pytest.importorskip("ipykernel", reason="ipykernel is not installed")

NOTEBOOK = Path(__file__).resolve().parents[2] / "docs" / "notebooks" / "first_study.ipynb"


def stored() -> Any:
    return nbformat.read(NOTEBOOK, as_version=4)


@pytest.fixture(scope="module")
def executed(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The notebook after a run in a folder of its own, in this Python, with the settings of nobody."""
    home = tmp_path_factory.mktemp("notebook")
    kernel = home / "kernels" / "python3" / "kernel.json"
    kernel.parent.mkdir(parents=True)
    command = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    kernel.write_text(json.dumps({"argv": command, "display_name": "Python 3", "language": "python"}))
    book = stored()
    with pytest.MonkeyPatch.context() as patch:
        for name in ("JUPYTER_PATH", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR"):
            patch.setenv(name, str(home))
        patch.delenv("MPLBACKEND", raising=False)
        options = {"kernel_name": "python3", "timeout": 300, "resources": {"metadata": {"path": str(home)}}}
        nbclient.NotebookClient(book, **options).execute()
    return book


def output_of(book: Any, code: str) -> str:
    """What a cell showed, as text."""
    (cell,) = [cell for cell in book.cells if cell.cell_type == "code" and code in cell.source]
    shown = [one.get("text") or one.data.get("text/plain", "") for one in cell.outputs]
    return "\n".join(shown).strip()


def test_no_results_are_stored() -> None:
    book = stored()
    nbformat.validate(book)
    code = [cell for cell in book.cells if cell.cell_type == "code"]
    assert all(not cell.outputs and cell.execution_count is None for cell in code)
    assert NOTEBOOK.stat().st_size < 10_000


def test_it_shows_what_a_first_study_needs() -> None:
    source = "\n".join(cell.source for cell in stored().cells if cell.cell_type == "code")
    for name in ("load_scenario", "CapacityModel", ".history", "compare", ".differences()", ".plot()"):
        assert name in source


def test_it_runs_and_its_numbers_are_those_of_the_library(executed: Any) -> None:
    code = [cell for cell in executed.cells if cell.cell_type == "code"]
    assert [cell.execution_count for cell in code] == list(range(1, len(code) + 1))
    result = capsim.compare("classroom", replications=4)
    assert output_of(executed, "result.answer()") == result.answer()
    table = result.differences()
    shown = output_of(executed, "result.differences()")
    assert all(name in shown for name in table["first"])
    assert all(f"{value:.6f}" in shown for value in table["difference"])


def test_it_draws_two_pictures(executed: Any) -> None:
    shown = [one for cell in executed.cells if cell.cell_type == "code" for one in cell.outputs]
    assert sum("image/png" in one.get("data", {}) for one in shown) == 2
