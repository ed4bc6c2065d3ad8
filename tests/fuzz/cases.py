"""Cases: one mutated file each, in a folder of its own, and what `capsim check` makes of it."""

from __future__ import annotations

import random
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from click.testing import CliRunner

from capsim.cli import main

from .mutations import mutated_bytes, mutated_document, mutated_table

ROOT = Path(__file__).resolve().parents[2]
LONGEST_LINE = 3000
AGENCIES = """id,name,state,level,enrollment,parent,positions,lat,lon,land_km2,weight,notes
STATE,State agency,OH,sea,,,40,,,,,
NORTH,Region north,OH,esa,,STATE,6,40.1,-83,,,
SOUTH,Region south,OH,esa,,STATE,6,39,-83,,,
ASH,Ash schools,OH,lea,400,NORTH,,40.2,-83.1,120,1,small
BIRCH,Birch schools,OH,lea,2500,NORTH,12,40,-82.9,80,1,
CEDAR,Cedar schools,OH,lea,9000,SOUTH,40,39.1,-83.2,55,2,
ELM,Elm school,OH,school,350,CEDAR,,,,,,
"""
EDGES = "from,to,strength\nASH,BIRCH,0.5\nBIRCH,CEDAR,1\nCEDAR,NORTH,\n"
ITEMS = "skill_rubric,routine_rubric,skill_likert,culture_likert,engagement_likert,priority_percent,data_systems_rubric"
SURVEY = f"""agency,area,{ITEMS},n,name
ASH,,50,40,3.1,3.5,3,,60,12,Ash schools
BIRCH,equity,40,35,3,3.2,3,60,55,20,Birch schools
BIRCH,data_use,60,,2.5,,,40,,20,Birch schools
"""
TABLES = {"agencies.csv": AGENCIES, "edges.csv": EDGES, "survey.csv": SURVEY}
WITH_TABLES = """name: Tables
focal_areas: [equity, data_use]
agencies: {source: agencies.csv, edges: edges.csv, survey: survey.csv}
question: {contrast: [blended, none]}
assistance: {budget_hours_per_year: 1200}
strategies: [none, blended, {name: Ours, activities: {coaching: 0.5, goal_setting: 0.5}, delivery: {focal_areas: 1}}]
"""
NOT_SMALL = {"national.yaml"}
"""Left out, because building it takes a second by itself."""


class Outcome(NamedTuple):
    """What came of a case: its name, whether it is good, complaints about the answer, and how long it took."""

    case: str
    good: bool
    faults: tuple[str, ...]
    seconds: float


def scenario_case(rng: random.Random, folder: Path) -> Path:
    """A mutated scenario, shipped or one with all tables."""
    files = sorted(path for path in (ROOT / "scenarios").glob("*.yaml") if path.name not in NOT_SMALL)
    source = rng.choice([*files, None, None])
    for name, text in TABLES.items():
        (folder / name).write_text(text)
    shutil.copy(ROOT / "scenarios" / "classroom_agencies.csv", folder)
    return _written(folder, WITH_TABLES if source is None else source.read_text(encoding="utf-8"), rng)


def study_case(rng: random.Random, folder: Path) -> Path:
    """A mutated study of the folder studies."""
    return _written(folder, rng.choice(sorted((ROOT / "studies").glob("*.yaml"))).read_text(encoding="utf-8"), rng)


def table_case(rng: random.Random, folder: Path) -> Path:
    """A good scenario with one or two mutated tables."""
    for name, text in TABLES.items():
        (folder / name).write_text(text)
    for name in rng.sample(sorted(TABLES), rng.choice((1, 1, 2))):
        raw = mutated_table(TABLES[name], rng) if rng.random() < 0.7 else mutated_bytes(TABLES[name].encode(), rng)
        (folder / name).write_bytes(raw)
    (folder / "case.yaml").write_text(WITH_TABLES)
    return folder / "case.yaml"


def _written(folder: Path, text: str, rng: random.Random) -> Path:
    raw = mutated_document(text, rng) if rng.random() < 0.6 else mutated_bytes(text.encode(), rng)
    if rng.random() < 0.1:
        raw = mutated_bytes(raw, rng)
    path = folder / "case.yaml"
    path.write_bytes(raw)
    return path


KINDS: dict[str, Callable[[random.Random, Path], Path]] = {
    "scenarios": scenario_case,
    "tables": table_case,
    "studies": study_case,
}


def outcomes(kind: str, number: int, seed: int, folder: Path) -> Iterator[Outcome]:
    """Check `number` cases of a kind; the files of a case with faults stay in `folder`."""
    for place in range(number):
        name = f"{kind}-{seed}-{place}"
        own = folder / name
        own.mkdir()
        path = KINDS[kind](random.Random(name), own)
        before = time.process_time()
        result = CliRunner().invoke(main, ["check", str(path)])
        outcome = Outcome(name, result.exit_code == 0, tuple(_faults(result)), time.process_time() - before)
        yield outcome
        if not outcome.faults:
            shutil.rmtree(own)


def _faults(result) -> Iterator[str]:
    """What is wrong with an answer: another status, a traceback, too many lines, lines that no terminal should see."""
    if result.exit_code not in (0, 2):
        yield f"exit status {result.exit_code}"
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        yield f"raised {type(result.exception).__name__}: {result.exception}"
    if "Traceback" in result.stderr or "please report" in result.stderr.lower():
        yield f"not an error of the library's own: {result.stderr.strip()[-300:]}"
    lines = result.stderr.rstrip("\n").split("\n")
    if result.exit_code == 2 and not result.stderr.strip():
        yield "refused without a word"
    if len(lines) > 21 and result.exit_code == 2:
        yield f"{len(lines)} lines"
    for line in lines:
        if any(ord(letter) < 32 or 127 <= ord(letter) < 160 for letter in line):
            yield f"a control character in {line[:100]!r}"
        if len(line) > LONGEST_LINE:
            yield f"a line of {len(line)} letters: {line[:100]!r}"
