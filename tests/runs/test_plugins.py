"""A strategy of the user's own is part of what a run is: its source belongs to run ids, study and provenance."""

from __future__ import annotations

import json
import sys

import pytest

from capsim.comparison.compare import compare
from capsim.errors import InputError
from capsim.runs.identity import plugin_source
from capsim.runs.study import study_from_mapping, study_hash
from capsim.runs.sweep import sweep

OWN = """\
import capsim
from nearby import HOURS

class Own(capsim.Strategy):
    name = "own"

    def decide(self, view, month, budget, draws):
        return []
"""

GIVING = """\
import capsim
import numpy as np
{}

class Own(capsim.Strategy):
    name = "own"

    def decide(self, view, month, budget, draws):
        district = np.flatnonzero(view.filled & (view.level[view.organization] == 3))[:1]
        return [capsim.Delivery(activity="coaching", people=district, areas=0, hours=HOURS)]
"""


@pytest.fixture
def own(tmp_path, monkeypatch):
    """A plugin and a module that it imports, in the working folder; imported anew by every test."""
    (tmp_path / "work").mkdir()
    monkeypatch.chdir(tmp_path / "work")
    monkeypatch.setattr(sys, "path", [*sys.path])
    (tmp_path / "work" / "own_plugin.py").write_text(OWN)
    (tmp_path / "work" / "nearby.py").write_text("HOURS = 3\n")
    yield tmp_path / "work"
    for name in ("own_plugin", "nearby"):
        sys.modules.pop(name, None)


@pytest.fixture
def content(classroom):
    return {**classroom.resolved(), "strategies": ["none", {"plugin": "own_plugin:Own"}], "replications": 2}


def study(content):
    return study_from_mapping({"kind": "sweep", "name": "Own", "scenario": content})


@pytest.mark.parametrize("name", ["own_plugin.py", "nearby.py"])
def test_a_changed_plugin_is_not_mixed_with_what_it_was(own, content, name):
    content["question"] = {**content["question"], "contrast": ["none", "Own"]}
    before = study(content)
    old, digest = sweep(before, out="out").runs, study_hash(before)
    compared = compare(content, uncertainty="none")
    (own / name).write_text((own / name).read_text() + "# another version\n")
    with pytest.raises(InputError) as caught:
        sweep(study(content), out="out")
    told = f"  own_plugin:Own: its source has changed since the study began ({own / 'own_plugin.py'})"
    assert told in caught.value.problems
    assert study_hash(study(content)) != digest
    new = sweep(study(content), out="again").runs
    changed = ~new["run_id"].isin(set(old["run_id"]))
    assert (changed == (new["strategy"] == "Own")).all()
    again = compare(content, uncertainty="none")
    changed = ~again.runs["run_id"].isin(set(compared.runs["run_id"]))
    assert (changed == (again.runs["strategy"] == "Own")).all()
    origins = [json.loads((own / place / "provenance.json").read_text()) for place in ("out", "again")]
    for origin in (*origins, compared.provenance):
        assert origin["plugins"]["own_plugin:Own"]["file"] == str(own / "own_plugin.py")
    assert origins[0]["plugins"] == compared.provenance["plugins"] != again.provenance["plugins"]
    assert origins[1]["plugins"] == again.provenance["plugins"]


@pytest.mark.parametrize("module", ["same_name", "same_pack.mine", "queue"])
@pytest.mark.parametrize("workers", [1, 2])
def test_plugins_of_one_name_in_two_folders_of_one_process(classroom, tmp_path, monkeypatch, module, workers):
    """`queue` is also a module of Python."""
    monkeypatch.setattr(sys, "path", [*sys.path])
    content = {**classroom.resolved(), "strategies": ["none", {"plugin": f"{module}:Own"}], "replications": 2}
    content["question"] = {**content["question"], "contrast": ["none", "Own"]}
    for name, hours in (("a", 1), ("b", 2)):
        file = tmp_path.joinpath(name, *module.split(".")).with_suffix(".py")
        file.parent.mkdir(parents=True)
        where = f"HOURS = {hours}"
        if "." in module:
            (file.parent / "__init__.py").write_text("")
            (file.parent / "near.py").write_text(where)
            where = "from .near import HOURS"
        file.write_text(GIVING.format(where))
        (tmp_path / name / "mine.yaml").write_text(json.dumps(content))
    spent = []
    for name in ("a", "b", "a"):
        runs = compare(str(tmp_path / name / "mine.yaml"), uncertainty="none", workers=workers).runs
        spent += list(runs[runs["strategy"] == "Own"]["ta_hours"] / content["timeline"]["assistance"])
    assert spent == pytest.approx([1, 1, 2, 2, 1, 1])
    for name in [name for name in sys.modules if name.startswith(("same_name", "same_pack", "queue@"))]:
        del sys.modules[name]


def test_what_belongs_to_the_source_of_a_plugin(tmp_path):
    (tmp_path / "pack").mkdir()
    sources = {
        "pack/__init__.py": "",
        "pack/mine.py": "from . import helper\nimport numpy, nowhere",
        "pack/helper.py": "from .deep import x\nfrom pack import mine",
        "pack/deep.py": "x = (",
        "other.py": "",
    }
    for name, text in sources.items():
        (tmp_path / name).write_text(text)

    def digest():
        return plugin_source("pack.mine:Own", tmp_path / "scenario.yaml")["sha256"]

    first = digest()
    for name, text in sources.items():
        (tmp_path / name).write_text(text + "\n")
        assert (digest() != first) == (name != "other.py"), name
        (tmp_path / name).write_text(text)
    assert digest() == first
    assert plugin_source("there_is_none:Own", None) == {"file": "", "sha256": ""}
