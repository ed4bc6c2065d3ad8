"""`capsim new`: commented files to start from. An existing file is never touched."""

from __future__ import annotations

import keyword
import os
from pathlib import Path

import click

from capsim.cli.options import examples, quiet_option
from capsim.errors import InputError, OutputError

__all__ = ["new"]

_SURVEYED_LEVELS = (1, 2, 3)
"""State, regional and local agencies."""


@click.group(
    short_help="Write a commented file to start from.",
    epilog=examples(
        "capsim new scenario mine",
        "capsim new strategy mentoring",
        "capsim new agencies districts",
        "capsim new survey districts",
    ),
)
def new() -> None:
    """Write a commented file to start from: a scenario, a strategy, a table of agencies, or a survey of them."""


@new.command(epilog=examples("capsim new scenario mine", "capsim new scenario mine --agencies districts.csv"))
@click.argument("name", metavar="NAME")
@click.option("--agencies", "table", metavar="CSV", help="Your own table of agencies, in place of an invented state.")
@click.option("--survey", "seen", metavar="CSV", help="What you observed of them; needs --agencies.")
@quiet_option
@click.pass_context
def scenario(ctx: click.Context, *, name: str, table: str | None, seen: str | None, quiet: bool) -> None:
    """Write the scenario file NAME.yaml, ready to run."""
    from capsim.cli.starting_files import SCENARIO, agencies_block

    if seen is not None and table is None:
        raise click.UsageError("--survey needs --agencies, the table of the agencies that were observed", ctx)
    path = _with_suffix(name, ".yaml")
    title = path.stem.replace("_", " ").replace("-", " ").strip().capitalize() or "Mine"
    used = ({"own"} if table else {"synthetic"}) | ({"survey"} if seen else set())
    block = agencies_block(
        used,
        stem=path.stem,
        file=path.name,
        source=_beside(path, table) if table else f"{path.stem}.csv",
        survey=_beside(path, seen) if seen else f"{path.stem}_survey.csv",
    )
    _write(path, _filled(SCENARIO, path).replace("{title}", title).replace("{agencies}", block))
    _tell(quiet, path, f"run it with   capsim compare {path}")


def _beside(scenario_file: Path, given: str) -> str:
    """How a scenario file names another file: from its own folder, quoted if YAML would read it otherwise."""
    if not Path(given).is_file():
        raise InputError(f"{given}: no such file")
    try:
        text = Path(os.path.relpath(given, scenario_file.parent)).as_posix()
    except ValueError:  # on another drive
        text = Path(given).resolve().as_posix()
    return text if text.replace("/", "").replace("_", "").replace("-", "").replace(".", "").isalnum() else f'"{text}"'


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
    """Write the table NAME.csv of agencies with examples to replace, and NAME_columns.txt, which explains it.

    Columns: id, name, state, level (sea, esa, lea or school), enrollment (pupils; may be blank for sea and esa); and,
    if wanted, parent (an id), positions, lat, lon, land_km2, weight.
    """
    from capsim.cli.starting_tables import AGENCIES, AGENCIES_EXPLAINED

    path = _with_suffix(name, ".csv")
    other = _write_explained(path, AGENCIES, AGENCIES_EXPLAINED)
    _tell(quiet, path, f"name it in a scenario, below agencies:, as   source: {path.name}", other)


@new.command(epilog=examples("capsim new survey districts", "capsim new survey districts --scenario mine.yaml"))
@click.argument("name", metavar="NAME")
@click.option(
    "--scenario", metavar="SCENARIO", help="Blank rows for the agencies and focal areas of a scenario, not examples."
)
@quiet_option
def survey(*, name: str, scenario: str | None, quiet: bool) -> None:
    """Write the table NAME_survey.csv of what was observed in agencies, and NAME_survey_columns.txt, which explains it.

    Answers of rubrics (percent) and self-reports (1 to 5) about the agencies of a scenario; the simulated agencies then
    begin as observed. With --scenario there is a blank row for every state, regional and local agency and each of its
    focal areas.
    """
    from capsim.cli.starting_tables import SURVEY, SURVEY_EXPLAINED

    path = _with_suffix(name, ".csv")
    if not name.endswith(".csv") and not path.stem.endswith("survey"):
        path = path.with_name(f"{path.stem}_survey.csv")
    other = _write_explained(path, SURVEY if scenario is None else _rows_of(scenario), SURVEY_EXPLAINED)
    _tell(quiet, path, f"name it in a scenario, below agencies:, as   survey: {path.name}", other)


def _rows_of(scenario: str) -> str:
    """Blank rows for the agencies of a scenario, schools left out."""
    from capsim.cli.starting_tables import survey_rows
    from capsim.parameters import resolve_values
    from capsim.scenario import build_agencies, load_scenario

    given = load_scenario(scenario)
    if given.agencies.source == "synthetic":
        raise InputError(f"{scenario}: its agencies are invented, so nobody can have observed them")
    table = build_agencies(given, resolve_values(given.parameters))
    found = [
        (str(identity), str(name))
        for identity, name, level in zip(table.id, table.name, table.level, strict=True)
        if level in _SURVEYED_LEVELS
    ]
    return survey_rows(found, given.focal_areas)


def _filled(text: str, path: Path) -> str:
    """Text with the names of its own file."""
    return text.replace("{file}", path.name).replace("{stem}", path.stem)


def _with_suffix(name: str, suffix: str) -> Path:
    from capsim.paths import path_of

    path = path_of(name)
    if not path.name.strip():
        raise InputError(f"{name!r}: a file needs a name")
    return path if path.suffix == suffix else path.with_name(path.name + suffix)


def _write(path: Path, text: str) -> None:
    from capsim.paths import file_to_write, whole_file

    with whole_file(file_to_write(path), once=True) as draft:
        draft.write_text(text, encoding="utf-8", newline="\n")


def _write_explained(path: Path, table: str, explained: str) -> Path:
    """Write a table and, beside it, a page that explains its columns; the page's path."""
    other = path.with_name(f"{path.stem}_columns.txt")
    for one in (path, other):
        if one.exists():
            raise OutputError(f"{one}: exists already and is left as it is; choose another name")
    _write(path, table)
    _write(other, _filled(explained, path))
    return other


def _tell(quiet: bool, path: Path, advice: str, other: Path | None = None) -> None:
    if other is not None:
        advice = f"{other} explains its columns; {advice}"
    click.echo(str(path) if quiet else f"{path} written; {advice}")
