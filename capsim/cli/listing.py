"""`capsim list`: what there is, with units, ranges and sources; `capsim check`: scenario and study files without
simulating, and what a scenario is about, for `compare` as well.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from capsim.cli.group import BAD_INPUT, complain, say
from capsim.cli.options import examples, output_options
from capsim.cli.tables import paragraph, said_to_machines, say_json, text_table

if TYPE_CHECKING:
    from capsim.scenario import Checked, Scenario


Row = dict[str, Any]


@click.group(
    "list",
    short_help="List what there is.",
    epilog=examples("capsim list strategies", "capsim list parameters --json"),
)
def show() -> None:
    """List what there is: strategies, their parts, activities, instruments, rules, parameters, measures, and more."""


def _add(name: str, meaning: str, *columns: str) -> None:
    """Add the command that prints a list: its rows come from `catalogue_text`, as a table or with a text of its own."""

    def command(*, as_json: bool, quiet: bool) -> None:
        from capsim.cli import catalogue_text

        rows = getattr(catalogue_text, f"{name}_rows")()
        if not said_to_machines(rows, as_json=as_json, quiet=quiet):
            text = catalogue_text.columns_text(rows, *columns) if columns else getattr(catalogue_text, f"{name}_text")()
            say(text)

    command.__doc__ = f"{meaning}\n\nWith --quiet only the names."
    show.command(name, epilog=examples(f"capsim list {name}"))(output_options(command))


_add("strategies", "Shipped strategies: what they deliver, to whom, how and when.")
_add("parts", "Parts of a strategy: targetings, schedules, co-design, chains, groupings, recipients.")
_add("instruments", "What can be read of agencies, who buys it, on which scale, how exactly.")
_add("readable", "What an item of an instrument of one's own can read.", "name", "title", "by_area", "meaning")
_add("activities", "Kinds of assistance: what one unit of each takes, costs and does.")
_add("measures", "What is recorded of agencies every month.", "name", "unit", "range", "meaning")
_add("processes", "What happens in a month, in its order.", "place", "name", "meaning")
_add("scenarios", "Shipped scenarios.", "name", "title", "strategies", "months", "replications", "coverage")


# Rules

_RULES = (
    "Rules that may be otherwise, and their variants. The one marked default applies unless a scenario asks for "
    "another: rules: {codification: stock}. With uncertainty: structure they are drawn too, by declared weights, which "
    "are judgments and no probabilities."
)


@show.command("rules", epilog=examples("capsim list rules", "capsim list rules --json"))
@output_options
def _rules(*, as_json: bool, quiet: bool) -> None:
    """Rules that may be otherwise, and their variants.

    With --quiet only the names, as rule.variant.
    """
    rows = _rule_rows()
    if said_to_machines(rows, as_json=as_json, quiet=quiet):
        return
    blocks = [paragraph(_RULES)]
    for rule in dict.fromkeys(row["rule"] for row in rows):
        forms = [row for row in rows if row["rule"] == rule]
        lines = [rule, paragraph(f"{forms[0]['decides']} (capsim/{forms[0]['file']})", "    ")]
        for row in forms:
            lines.append(f"  {row['variant']}{' (default)' if row['default'] else ''}")
            lines.append(paragraph(f"{row['sentence']} [{row['source']}]", "      "))
            if row["parameters"]:
                lines.append(paragraph(", ".join(row["parameters"]), "      reads: "))
        blocks.append("\n".join(lines))
    say("\n\n".join(blocks))


def _rule_rows() -> list[Row]:
    """Every variant with its rule, whether it is the default, and all that is declared about it."""
    from capsim.parameters.listing import declared

    return [
        {
            **form,
            "name": f"{rule['name']}.{form['name']}",
            "rule": rule["name"],
            "decides": rule["decides"],
            "variant": form["name"],
            "default": form["name"] == rule["default"],
            "file": rule["file"],
        }
        for rule in declared()["rules"]
        for form in rule["variants"]
    ]


# Parameters

_GROUPS = {
    "climate": "Culture, engagement and data systems",
    "assistance": "Assistance and money",
    "agencies": "Agencies and initial worlds",
}
"""Titles of groups that say more than their names."""
_HEADER = ("parameter", "unit", "default", "plausible", "allowed", "prior", "source", "meaning")
_PAGE = """# Parameters

Every parameter of the model, made by `capsim list parameters --markdown` from `capsim/parameters/`; do not edit
this page.

A scenario changes a value under `parameters:`. *Plausible* is the range of the prior and of break-even searches;
*allowed* is what a scenario may ask for. A parameter with a prior is an assumption and is drawn from it when
`uncertainty: assumed` or `structure`; one without is measured, calibrated, solved or a choice of the user. Sources
S1, S2 and so on are keys of the list of sources.
"""


@show.command(
    "parameters", epilog=examples("capsim list parameters", "capsim list parameters --markdown > docs/parameters.md")
)
@click.option("--markdown", is_flag=True, help="As the page docs/parameters.md.")
@output_options
def _parameters(*, markdown: bool, as_json: bool, quiet: bool) -> None:
    """Every parameter of the model: unit, default, ranges, prior, source, meaning.

    With --quiet only the names.
    """
    from capsim.parameters.listing import declared

    rows = declared()["parameters"]
    if markdown:
        say("\n".join([_PAGE, *(_section(title, cells) for title, cells in _by_group(rows))]).removesuffix("\n"))
    elif not said_to_machines(rows, as_json=as_json, quiet=quiet):
        header = [*_HEADER[:6], "meaning [source]"]
        tables = [
            (title, [[*cells[:6], f"{cells[7]} [{cells[6]}]"] for cells in members])
            for title, members in _by_group(rows)
        ]
        say("\n\n".join(f"{title}\n\n{text_table(header, cells, align='llrllll')}" for title, cells in tables))


def _by_group(rows: list[Row]) -> list[tuple[str, list[list[str]]]]:
    """Cells of the parameters below the titles of their groups."""
    groups: dict[str, list[list[str]]] = {}
    for row in rows:
        ranges = ("{:g} to {:g}".format(*row[name]) for name in ("plausible", "allowed"))
        cells = [row["name"], row["unit"], f"{row['default']:g}", *ranges, row["prior"], row["source"], row["meaning"]]
        groups.setdefault(row["group"], []).append(cells)
    return [(_GROUPS.get(name, name.capitalize()), cells) for name, cells in groups.items()]


def _section(title: str, members: list[list[str]]) -> str:
    lines = [f"## {title}", "", "| " + " | ".join(_HEADER) + " |", "|---|---|--:|---|---|---|---|---|"]
    for name, *others in members:
        cells = [f"`{name}`", *(cell.replace("|", "\\|") for cell in others)]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


LARGE_WORLD = 250_000
"""Positions from which `check` warns of the size of a world; the nation has about 160,000."""


@click.command(
    short_help="Check scenario and study files.",
    epilog=examples("capsim check mine.yaml", "capsim check scenarios/*.yaml studies/*.yaml"),
)
@click.argument("files", metavar="FILE...", nargs=-1, required=True)
@output_options
@click.pass_context
def check(ctx: click.Context, *, files: tuple[str, ...], as_json: bool, quiet: bool) -> None:
    """Check scenario files, the tables of agencies, ties and answers that they name, and study files.

    For a scenario, this says what it is about and warns of anything that was probably not meant. For a study, it prints
    the hash by which the study can be cited before it runs. Every problem in every file is found; the first twenty of a
    file are printed (all with --json). Nothing is simulated, but classes that a scenario names as plugins are imported.
    """
    found = [_checked_file(file) for file in files]
    if as_json:
        say_json([{key: value for key, value in one.items() if key != "said"} for one in found])
    else:
        for one in found:
            if not one["valid"]:
                complain(one["problems"])
            elif not quiet:
                say("\n".join([f"{one['file']}: good ({one['said']})", *(f"    {line}" for line in one["about"])]))
                _warn(one["file"], one["warnings"])
    if not all(one["valid"] for one in found):
        ctx.exit(BAD_INPUT)


def _checked_file(file: str) -> dict[str, Any]:
    """What is said of a file: its problems, or what it is about and what it probably does not mean."""
    from capsim.errors import InputError, PluginError
    from capsim.runs.study import is_study_file, load_study, study_hash
    from capsim.scenario import load_scenario

    content: dict[str, Any] = {"file": file, "valid": True, "problems": [], "about": [], "warnings": [], "said": ""}
    try:
        if is_study_file(file):
            study = load_study(file)
            return content | {"said": f"{study.name}; {study.kind}, study hash {study_hash(study)}"}
        scenario = load_scenario(file)
        checked = _checked(scenario)
    except (InputError, PluginError) as error:
        problems = list(error.problems) if isinstance(error, InputError) else [f"{file}: {error}"]
        return content | {"valid": False, "problems": problems}
    size = checked.positions
    large = f"; a large world of {size:,} positions: each run takes minutes, agencies.sample makes it smaller"
    said = scenario.name + (large if size >= LARGE_WORLD else "")
    return content | {"said": said, "about": list(checked.about), "warnings": list(checked.warnings)}


def about_scenario(scenario: Scenario, name: str) -> str:
    """What is about to run, in lines; what it probably does not mean is said on standard error."""
    checked = _checked(scenario)
    _warn(name, checked.warnings)
    return "\n".join(checked.about)


def _warn(name: str, warnings: tuple[str, ...]) -> None:
    for text in warnings:
        say(f"{name}: warning: {text}", err=True)


def _checked(scenario: Scenario) -> Checked:
    """Check the tables of a scenario, and import the classes that it names."""
    from capsim.engine.strategies import resolve_strategy
    from capsim.scenario import PluginStrategy, check_scenario

    for strategy in scenario.strategies:
        if isinstance(strategy, PluginStrategy):
            resolve_strategy(scenario, strategy)
    return check_scenario(scenario)
