"""Who a run is: its content, not its order. A strategy of the user's own is its source as well as its name."""

from __future__ import annotations

import ast
import hashlib
import json
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

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
