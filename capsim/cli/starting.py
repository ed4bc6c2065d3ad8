"""`capsim new`: commented files to start from. An existing file is never touched."""

from __future__ import annotations

import csv
import io
import keyword
import os
import re
from pathlib import Path

import click

from capsim.cli.group import say
from capsim.cli.options import examples, quiet_option
from capsim.cli.tables import template
from capsim.errors import InputError, OutputError
from capsim.levels import ESA, LEA, SEA
from capsim.paths import file_to_read, file_to_write, path_of, whole_file
from capsim.runs import KINDS


@click.group(
    short_help="Write a commented file to start from.",
    epilog=examples(
        "capsim new scenario mine",
        "capsim new study turnover",
        "capsim new strategy mentoring",
        "capsim new agencies districts",
        "capsim new survey districts",
        "capsim new workbook mine",
    ),
)
def new() -> None:
    """Write a commented file to start from: a scenario, a study, a strategy, a table of agencies, a survey of them, or
    a workbook that holds a scenario and its tables.
    """


@new.command(epilog=examples("capsim new scenario mine", "capsim new scenario mine --agencies districts.csv"))
@click.argument("name", metavar="NAME")
@click.option("--agencies", "table", metavar="CSV", help="Your own table of agencies, instead of an invented state.")
@click.option("--survey", "seen", metavar="CSV", help="What you observed in them; needs --agencies.")
@quiet_option
@click.pass_context
def scenario(ctx: click.Context, *, name: str, table: str | None, seen: str | None, quiet: bool) -> None:
    """Write the scenario file NAME.yaml, ready to run."""
    if seen is not None and table is None:
        raise click.UsageError("--survey needs --agencies, the table of the agencies that were observed", ctx)
    path = _with_suffix(name, ".yaml")
    if table is not None:
        from capsim.scenario.own_tables import own_population

        own_population(table)  # refuses one that cannot be used
    filled = {
        "source": _beside(path, table) if table else f"{path.stem}.csv",
        "survey": _beside(path, seen) if seen else f"{path.stem}_survey.csv",
        "title": _quoted(_title(path)),
    }
    used = {"own" if table else "synthetic", *(["survey"] if seen else [])}
    _write({path: _filled(_marked("scenario.yaml", used, comment="  # "), path, **filled)})
    _tell(quiet, path, f"run it with   capsim compare {path}")


def _title(path: Path) -> str:
    """Name of a scenario, from that of its file."""
    return path.stem.replace("_", " ").replace("-", " ").strip().capitalize() or "Mine"


@new.command(epilog=examples("capsim new study turnover", "capsim new study what_decides --kind sensitivity"))
@click.argument("name", metavar="NAME")
@click.option("--kind", type=click.Choice([*KINDS]), default="sweep", show_default=True, help="What it is to find out.")
@click.option("--scenario", metavar="SCENARIO", default="classroom", show_default=True, help="What is simulated.")
@quiet_option
def study(*, name: str, kind: str, scenario: str, quiet: bool) -> None:
    """Write the study file NAME.yaml: many runs of a scenario, ready to run.

    A sweep runs every point of a design; the other kinds find what decides an outcome (sensitivity), fit parameters to
    what was observed (calibrate), or search for the best plans (optimize).
    """
    from capsim.runs.output import slug
    from capsim.scenario.loading import load_scenario, shipped_scenarios

    path = _with_suffix(name, ".yaml")
    load_scenario(scenario)
    title = _title(path)
    filled = {"slug": slug(title), "title": _quoted(title), "kind": kind}
    filled["scenario"] = scenario if scenario in shipped_scenarios() else _beside(path, scenario)
    text = _filled(_marked("study.yaml", {kind}), path, **filled)
    observed = path.with_name(f"{path.stem}_observed.csv")
    _write({path: text, **({observed: _OBSERVED} if kind == "calibrate" else {})})
    _tell(quiet, path, f"run it with   capsim {kind} {path}")


_OBSERVED = "measure,month,level,value,standard_error\nvacancy,12,lea,0.05,0.01\nvacancy,24,lea,0.06,0.01\n"
"""An example of what a calibration takes."""


def _marked(name: str, used: set[str], *, comment: str = "") -> str:
    """A template. Lines that begin with a mark such as ``own|`` that is not used are comments, or left out."""
    lines = []
    for line in template(name).splitlines(keepends=True):
        marked = re.match(r"(\w+)\|", line)
        rest = line[marked.end() :] if marked else line
        if marked is None or marked[1] in used:
            lines.append(rest)
        elif comment:
            lines.append(f"{comment}{rest[2:]}")
    return "".join(lines)


def _quoted(text: str) -> str:
    """A text as YAML reads it back."""
    plain = re.fullmatch(r"[A-Za-z][A-Za-z0-9 ]*", text) and text.lower() not in {"true", "false", "yes", "no", "null"}
    return text if plain else f'"{text}"'


def _beside(scenario_file: Path, given: str) -> str:
    """How a scenario file names another file: from its own folder, quoted if YAML would read it otherwise."""
    path = file_to_read(given, what="a table")
    try:
        text = Path(os.path.relpath(path, scenario_file.parent)).as_posix()
    except ValueError:  # on another drive
        text = path.resolve().as_posix()
    return text if re.fullmatch(r"[\w./-]+", text) else f'"{text}"'


@new.command(epilog=examples("capsim new strategy mentoring"))
@click.argument("name", metavar="NAME")
@quiet_option
def strategy(*, name: str, quiet: bool) -> None:
    """Write the Python module NAME.py with a strategy to change."""
    path = _with_suffix(name, ".py")
    if not path.stem.isidentifier() or keyword.iskeyword(path.stem):
        raise InputError(f"{path.stem}: a module needs a Python name: letters, digits and _, as in my_strategy")
    kind = "".join(part.capitalize() for part in path.stem.split("_")) or "Mine"
    _write({path: _filled(template("strategy.txt"), path, module=path.stem, Class=kind)})
    _tell(quiet, path, f"name it in a scenario, below strategies:, as   - plugin: {path.stem}:{kind}")


@new.command(epilog=examples("capsim new agencies districts"))
@click.argument("name", metavar="NAME")
@quiet_option
def agencies(*, name: str, quiet: bool) -> None:
    """Write the table NAME.csv of agencies with examples to replace, and NAME_columns.txt, which explains it.

    Columns: id, name, state, level (sea, esa, lea or school), enrollment (pupils; may be blank for sea and esa); and,
    if wanted, parent (an id), positions, lat, lon, land_km2, weight, hours_per_year, poverty_share, annual_exit,
    leader_annual_exit.
    """
    path = _with_suffix(name, ".csv")
    other = _write_explained(path, template("agencies.csv"), "agencies_columns.txt")
    _tell(quiet, path, f"name it in a scenario, below agencies:, as   source: {path.name}", other)


@new.command(
    epilog=examples(
        "capsim new survey districts",
        "capsim new survey districts --scenario mine.yaml",
        "capsim new survey districts --from export.csv",
        "capsim new survey districts --from export.csv --map districts_map.yaml --scenario mine.yaml",
    )
)
@click.argument("name", metavar="NAME")
@click.option(
    "--scenario",
    metavar="SCENARIO",
    help="Write blank rows for the agencies and focal areas of a scenario instead of examples.",
)
@click.option(
    "--from",
    "export",
    metavar="EXPORT",
    help="Answers exported as CSV from Qualtrics or Google Forms; without --map, a mapping file is written for you to "
    "fill in.",
)
@click.option(
    "--map",
    "mapping",
    metavar="MAP",
    help="File that says which question of the export is which item, and what labels mean.",
)
@quiet_option
@click.pass_context
def survey(
    ctx: click.Context, *, name: str, scenario: str | None, export: str | None, mapping: str | None, quiet: bool
) -> None:
    """Write the table NAME_survey.csv for what was observed in agencies; NAME_survey_columns.txt explains it.

    It takes rubric scores (percent) and self-reports (1 to 5) about the agencies of a scenario, and the simulated
    agencies then begin as observed. With --scenario there is a blank row for every state, regional and local agency and
    each of its focal areas. With --from and --map the rows are means of what people answered, with the number of people
    in each agency; with --from alone NAME_map.yaml is written, which lists the questions.
    """
    if mapping is not None and export is None:
        raise click.UsageError("--map needs --from, the export that it is about", ctx)
    path = _with_suffix(name, ".csv")
    if not name.endswith(".csv") and not path.stem.endswith("survey"):
        path = path.with_name(f"{path.stem}_survey.csv")
    if export is not None and mapping is None:
        _starting_map(path, export, quiet)
        return
    counted = ""
    if export is not None and mapping is not None:
        from capsim.cli.workbook_template import converted_survey

        table, counted = converted_survey(export, mapping, scenario)
    else:
        table = template("survey.csv") if scenario is None else _blank_rows(scenario)
    other = _write_explained(path, table, "survey_columns.txt")
    advice = f"name it in a scenario, below agencies:, as   survey: {path.name}"
    if scenario is not None:
        later = f"capsim compare {scenario} --observed {path.name} --followed PLAN"
        advice += f"\nor, read a year after help began (else add a column month):   {later}"
    _tell(quiet, path, f"{counted}. Now {advice}" if counted else advice, other)


def _starting_map(path: Path, export: str, quiet: bool) -> None:
    """Write the mapping file of an export, beside where the survey will be."""
    from capsim.cli.workbook_template import starting_map
    from capsim.scenario.exports import read_export

    target = path.with_name(f"{path.stem.removesuffix('_survey')}_map.yaml")
    _write({target: starting_map(read_export(export))})
    name = path.stem.removesuffix("_survey")
    _tell(quiet, target, f"fill it in, then   capsim new survey {name} --from {export} --map {target}")


@new.command(epilog=examples("capsim new workbook mine", "capsim new workbook ours --scenario fourteen"))
@click.argument("name", metavar="NAME")
@click.option(
    "--scenario", metavar="SCENARIO", help="Fill it in from a scenario that has its own table, such as fourteen."
)
@quiet_option
def workbook(*, name: str, scenario: str | None, quiet: bool) -> None:
    """Write the workbook NAME.xlsx: a scenario with its agencies, plans and survey as sheets of one spreadsheet.

    It can be used wherever a scenario is asked for: capsim check, compare, run. Needs the extra capsim[xlsx].
    """
    from capsim.cli.workbook_template import template_sheets, write_filled_in
    from capsim.runs.output import need_openpyxl, write_workbook

    need_openpyxl()
    path = _with_suffix(name, ".xlsx")
    _refuse_existing(path)
    with whole_file(path, once=True) as draft:
        if scenario is None:
            write_workbook(template_sheets(_title(path), path.name, template("agencies.csv")), draft)
        else:
            write_filled_in(draft, path.name, scenario)
    todo = "fill in its sheets, and run it" if scenario is None else "change what you like, and run it"
    _tell(quiet, path, f"{todo} with   capsim compare {path}")


def _blank_rows(scenario: str) -> str:
    """A survey to be filled in: rows for the agencies of a scenario, schools left out, and for their focal areas."""
    from capsim.parameters import resolve_values
    from capsim.scenario import build_agencies, load_scenario

    given = load_scenario(scenario)
    if given.agencies.source == "synthetic":
        raise InputError(f"{scenario}: its agencies are invented, so nobody can have observed them")
    table = build_agencies(given, resolve_values(given.parameters))
    answers = template("survey.csv").splitlines()[0].split(",")[2:]
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["agency", "name", "area", *answers])
    for identity, name, level in zip(table.id, table.name, table.level, strict=True):
        if level in (SEA, ESA, LEA):
            writer.writerows([identity, name, area, *[""] * len(answers)] for area in ("", *given.area_names))
    return text.getvalue()


def _filled(text: str, path: Path, **values: str) -> str:
    """Text with the names of its own file, and other values in their places."""
    for key, value in {"file": path.name, "stem": path.stem, **values}.items():
        text = text.replace(f"{{{key}}}", value)
    return text


def _with_suffix(name: str, suffix: str) -> Path:
    path = path_of(name)
    if path.name.strip() in {"", ".", ".."}:
        raise InputError(f"{name!r}: a file needs a name")
    return path if path.suffix == suffix else path.with_name(path.name + suffix)


def _write(texts: dict[Path, str]) -> None:
    """Write all files or none."""
    for path in texts:
        _refuse_existing(path)
    for path, text in texts.items():
        with whole_file(path, once=True) as draft:
            draft.write_text(text, encoding="utf-8", newline="\n")


def _refuse_existing(path: Path) -> None:
    if os.path.lexists(file_to_write(path)):
        raise OutputError(f"{path}: exists already and is left as it is; choose another name")


def _write_explained(path: Path, table: str, explained: str) -> Path:
    """Write a table and, beside it, a page that explains its columns; the page's path."""
    other = path.with_name(f"{path.stem}_columns.txt")
    _write({path: table, other: _filled(template(explained), path)})
    return other


def _tell(quiet: bool, path: Path, advice: str, explained: Path | None = None) -> None:
    beside = f"{explained} explains its columns; " if explained else ""
    say(path if quiet else f"{path} written; {beside}{advice}")
