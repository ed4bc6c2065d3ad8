"""Who a run is: its content, not its order, and a strategy of the user's own is its source as well as its name. And
where numbers come from: versions, command, resolved scenario, all parameters, seeds, machine.
"""

from __future__ import annotations

import ast
import hashlib
import json
import platform
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from importlib import metadata
from pathlib import Path
from typing import Any

from capsim.errors import InputError
from capsim.parameters import PARAMETERS, Parameter, resolve_values
from capsim.runs.output import number, plain
from capsim.scenario import Scenario, file_of

RESULTS_VERSION = 5
"""Raised whenever the same inputs give other numbers; part of every run's identity."""

NOT_PART_OF_A_RUN = ("name", "question", "strategies", "replications", "uncertainty")
"""Keys of a scenario that say how runs are named, asked about or repeated, and do not change the numbers of one."""


def run_id(*, scenario_hash: str, strategy: object, replicate: int, point: Mapping[str, float | str]) -> str:
    """Sixteen hexadecimal digits that name a run by its content.

    `scenario_hash` is that of the scenario without `NOT_PART_OF_A_RUN`; a strategy is a shipped name, or plain data
    (see `with_source`); `point` holds factor values, and whether assumptions are at their defaults or drawn.
    """
    return run_id_of_texts(
        scenario_hash=scenario_hash, strategy=canonical(strategy), replicate=replicate, point=canonical(dict(point))
    )


def run_id_of_texts(*, scenario_hash: str, strategy: str, replicate: int, point: str) -> str:
    """Like `run_id`, of a strategy and a point that are `canonical` texts already: a sweep names a million runs."""
    text = (
        f'{{"point":{point},"replicate":{replicate},"scenario":"{scenario_hash}",'
        f'"strategy":{strategy},"version":{RESULTS_VERSION}}}'
    )
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def canonical(content: object) -> str:
    """Plain data as JSON that is the same whatever the order of its keys."""
    return json.dumps(content, sort_keys=True, allow_nan=False, separators=(",", ":"))


def with_source(strategy: Any, beside: Path | None) -> Any:
    """Plain data of a strategy; a plugin's with the hash of its source, because that decides the numbers.

    The folder `beside` the scenario's file is searched for modules, as when the plugin is imported.
    """
    if not isinstance(strategy, Mapping) or "plugin" not in strategy:
        return strategy
    return {**strategy, "source": plugin_source(strategy["plugin"], beside)["sha256"]}


def plugin_sources(strategies: Iterable[Any], beside: Path | None) -> dict[str, dict[str, str]]:
    """File and hash of every plugin among some strategies, by its reference ``module:Class``."""
    named = [one["plugin"] for one in strategies if isinstance(one, Mapping) and "plugin" in one]
    return {reference: plugin_source(reference, beside) for reference in named}


def plugin_source(reference: str, beside: Path | None) -> dict[str, str]:
    """File of a plugin's module, and one hash of its source and of what it imports from its own folder.

    Nothing is imported. Both are empty if there is no such source file.
    """
    from capsim.engine.strategies import module_file  # with it come kernels, which reading a folder does without

    module = reference.partition(":")[0]
    folders = [Path.cwd(), *([beside.parent] if beside else []), *(Path(place) for place in sys.path)]
    for folder in folders:
        if (path := module_file(folder, module)) is not None:
            digest = hashlib.sha256()
            for source in sorted(_own_sources(folder, path)):
                digest.update(source.name.encode() + b"\0" + source.read_bytes() + b"\0")
            return {"file": str(path), "sha256": digest.hexdigest()}
    return {"file": "", "sha256": ""}


def _own_sources(folder: Path, path: Path) -> set[Path]:
    """A source file and those below the same folder that it imports, directly or not."""
    from capsim.engine.strategies import module_file

    found, waiting = set(), [path]
    while waiting:
        source = waiting.pop()
        if source in found:
            continue
        found.add(source)
        names = list(_imported(source, folder))
        waiting += [one for name in names if (one := module_file(folder, name)) is not None]
    return found


def _imported(source: Path, folder: Path) -> Iterator[str]:
    """Names of modules that a source may import: whatever stands in its import statements."""
    try:
        tree = ast.parse(source.read_bytes())
    except (SyntaxError, ValueError, RecursionError):  # it will be told when it is imported
        return
    package = list(source.relative_to(folder).parent.parts)
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else []
            base = [*above, *(node.module.split(".") if node.module else [])]
            if base:
                yield ".".join(base)
            yield from (".".join([*base, name.name]) for name in node.names)


_PACKAGES = ("capsim", "numpy", "scipy", "numba", "pandas", "pydantic", "duckdb", "matplotlib", "mesa")
_NUMBERS = ("default", "low", "high", "minimum", "maximum")
_DECLARED = ("group", "unit", *_NUMBERS, "prior", "source", "meaning")
_LATER = ("words", "label", "called")
"""What older records lack."""


def _version(package: str) -> str:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return "not installed"


def git_commit(file: Path | None = None) -> str:
    """Git commit of the folder that holds a scenario's file; with "+" when something in that folder differs from it.

    "none" for a scenario that comes from no file of the user, and for a folder that no repository holds.
    """
    if file is None:
        return "none"
    try:
        head, changed = (
            subprocess.run(
                ["git", "-C", str(file.parent), *words], capture_output=True, text=True, timeout=5, check=True
            ).stdout
            for words in (("rev-parse", "HEAD"), ("status", "--porcelain", "--", "."))
        )
    except (OSError, subprocess.SubprocessError):
        return "none"
    return head.strip() + ("+" if changed.strip() else "")


def _parameters(scenario: Scenario) -> dict[str, dict[str, Any]]:
    """Every parameter as it applied: the value that counts where nothing is drawn, and its declaration."""
    values = resolve_values(scenario.parameters)
    return {
        name: plain({"value": values[name], **{key: getattr(declared, key) for key in (*_DECLARED, *_LATER)}})
        for name, declared in PARAMETERS.items()
    }


def _declared(name: str, row: Mapping[str, Any]) -> Parameter:
    values: dict[str, Any] = {key: number(row[key]) if key in _NUMBERS else str(row[key]) for key in _DECLARED}
    later: dict[str, Any] = {key: str(row.get(key, "")) for key in _LATER if key != "words"}
    return Parameter(name=name, words=tuple(map(str, row.get("words", ()))), **later, **values)


def recorded_parameters(record: Mapping[str, Any]) -> Mapping[str, Parameter]:
    """Parameters as they were declared when something ran; those of today where the record is older than that."""
    stored = record.get("parameters")
    if stored is None:
        return PARAMETERS
    try:
        return {name: _declared(name, row) for name, row in stored.items()}
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise InputError(f"provenance.json: parameters: not as capsim writes it: {error}") from error


def provenance(
    scenario: Scenario, scenario_hash: str, *, precision: float | None, replications: int | None = None
) -> dict[str, Any]:
    """Everything needed to make the numbers again, as plain data.

    `precision` is the half-width that chose the replications, if one did; those that were run are given, or the
    scenario's.
    """
    return {
        "command": [Path(sys.argv[0]).name, *sys.argv[1:]] if sys.argv else [],
        "versions": {package: _version(package) for package in _PACKAGES},
        "python": platform.python_version(),
        "machine": {"system": platform.system(), "processor": platform.machine(), "release": platform.release()},
        "results_version": RESULTS_VERSION,
        "git_commit": git_commit(file_of(scenario)),
        "scenario_hash": scenario_hash,
        "seed": scenario.seed,
        "replications": scenario.replications if replications is None else replications,
        "precision": precision,
        "scenario": scenario.resolved(),
        "parameters": _parameters(scenario),
        "plugins": plugin_sources(scenario.resolved()["strategies"], file_of(scenario)),
    }
