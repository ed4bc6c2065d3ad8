"""`capsim new`: commented files to start from. An existing file is never touched."""

from __future__ import annotations

import keyword
from pathlib import Path

import click

from capsim.cli.options import examples, quiet_option
from capsim.errors import InputError, OutputError

__all__ = ["new"]


@click.group(
    short_help="Write a commented file to start from.",
    epilog=examples(
        "capsim new scenario mine",
        "capsim new strategy mentoring",
        "capsim new agencies districts",
    ),
)
def new() -> None:
    """Write a commented file to start from: a scenario, a strategy, or a table of agencies."""


@new.command(epilog=examples("capsim new scenario mine"))
@click.argument("name", metavar="NAME")
@quiet_option
def scenario(*, name: str, quiet: bool) -> None:
    """Write the scenario file NAME.yaml, ready to run."""
    from capsim.cli.starting_files import SCENARIO

    path = _with_suffix(name, ".yaml")
    title = path.stem.replace("_", " ").replace("-", " ").strip().capitalize() or "Mine"
    _write(path, SCENARIO.replace("{title}", title).replace("{file}", path.name))
    _tell(quiet, path, f"run it with   capsim compare {path}")


@new.command(epilog=examples("capsim new strategy mentoring"))
@click.argument("name", metavar="NAME")
@quiet_option
def strategy(*, name: str, quiet: bool) -> None:
    """Write the Python module NAME.py with a strategy to change."""
    from capsim.cli.starting_files import STRATEGY

    path = _with_suffix(name, ".py")
    if not path.stem.isidentifier() or keyword.iskeyword(path.stem):
        raise InputError(f"{path.stem}: a module needs a Python name: letters, digits and _, as in my_strategy")
    kind = "".join(part.capitalize() for part in path.stem.split("_")) or "Mine"
    text = STRATEGY.replace("{module}", path.stem).replace("{Class}", kind)
    _write(path, text)
    _tell(quiet, path, f"name it in a scenario, below strategies:, as   - plugin: {path.stem}:{kind}")


@new.command(epilog=examples("capsim new agencies districts"))
@click.argument("name", metavar="NAME")
@quiet_option
def agencies(*, name: str, quiet: bool) -> None:
    """Write the table NAME.csv of agencies with three examples to replace.

    Columns: id, name, state, level (sea, esa or lea), enrollment (pupils; may be blank for sea and esa); and, if
    wanted, parent (an id), positions, lat, lon, land_km2, weight.
    """
    from capsim.cli.starting_files import AGENCIES

    path = _with_suffix(name, ".csv")
    _write(path, AGENCIES)
    _tell(quiet, path, f"name it in a scenario, below agencies:, as   source: {path.name}")


def _with_suffix(name: str, suffix: str) -> Path:
    path = Path(name)
    if not path.name.strip() or "\0" in name:
        raise InputError(f"{name!r}: a file needs a name")
    return path if path.suffix == suffix else path.with_name(path.name + suffix)


def _write(path: Path, text: str) -> None:
    try:
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except FileExistsError as error:
        raise OutputError(f"{path}: exists already and is left as it is; choose another name") from error
    except OSError as error:
        raise OutputError(f"{path}: cannot be written: {(error.strerror or str(error)).lower()}") from error


def _tell(quiet: bool, path: Path, advice: str) -> None:
    click.echo(str(path) if quiet else f"{path} written; {advice}")
