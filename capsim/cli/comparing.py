"""`capsim compare`: all strategies of a scenario in paired runs, the question answered, an output folder."""

from __future__ import annotations

import itertools
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from capsim.cli.group import FAILED, Progress, say
from capsim.cli.options import (
    Real,
    Replications,
    examples,
    output_options,
    seed_option,
    time_limit_option,
    uncertainty_option,
    weight_option,
    workers_option,
)
from capsim.cli.tables import say_json
from capsim.errors import CapsimError, OutputError
from capsim.paths import new_folder

if TYPE_CHECKING:
    from capsim.comparison.comparison import Comparison


@click.command(
    epilog=examples(
        "capsim compare classroom",
        "capsim compare scenarios/ohio.yaml --replications 64 --workers 4 --out results/ohio",
        "capsim compare ohio --replications auto --precision 0.002 --break-even lea_annual_exit",
        "capsim compare ohio new_york --vary lea_annual_exit=.1,.2,.3",
        "capsim compare mine.yaml --observed year1.csv --followed blended",
    )
)
@click.argument("scenarios", metavar="SCENARIO...", nargs=-1, required=True)
@click.option(
    "--vary",
    multiple=True,
    metavar="NAME=V1,V2",
    help="Run every scenario at each of these values of a parameter, of the budget (budget_hours_per_year or "
    "budget_dollars_per_year) or of rules.RULE.",
)
@click.option(
    "--replications", type=Replications(), metavar="N|auto", help="Number of paired runs, or auto with --precision."
)
@click.option(
    "--precision",
    type=Real(),
    metavar="W",
    help="Run until the 95% interval of the contrast (luck alone) is at most this far to each side, in outcome units.",
)
@workers_option
@click.option(
    "--break-even",
    multiple=True,
    metavar="PARAMETER",
    help="Find the value at which the contrast changes sign; may be repeated.",
)
@uncertainty_option
@weight_option
@time_limit_option
@seed_option
@click.option(
    "--districts/--no-districts",
    "--agencies/--no-agencies",
    "keep_agencies",
    default=None,
    help="Also show what every plan leaves in each district (districts.csv), and write the outcomes of every agency. "
    "This is the default for a table of your own.",
)
@click.option(
    "--xlsx/--no-xlsx",
    default=None,
    help="Also write the tables as one workbook, tables.xlsx. This is the default where SCENARIO is a workbook.",
)
@click.option(
    "--variants/--no-variants",
    default=None,
    help="Also run the contrast under each variant of a rule by itself. This is the default where rules are drawn.",
)
@click.option(
    "--quick",
    is_flag=True,
    help="Give the answer only, and do not go on to other budgets, variants of rules and assumptions.",
)
@click.option(
    "--details",
    is_flag=True,
    help="Print every table here, too: differences pair by pair, regions, districts, budgets, all assumptions.",
)
@click.option(
    "--observed",
    metavar="FILE",
    help="Table of what a survey has found in your agencies since, with a column month or date. The forecast is "
    "compared with it and updated.",
)
@click.option("--followed", metavar="STRATEGY", help="With --observed: the plan that has been followed since.")
@click.option(
    "--thorough",
    is_flag=True,
    help="Spend four times as long on what comes after the answer: in more worlds, and on what there was no time for.",
)
@click.option(
    "--out",
    metavar="DIR",
    help="Output folder (default: results/<name in the scenario>, such as results/ohio-2023-24).",
)
@output_options
@click.pass_context
def compare(
    ctx: click.Context,
    /,
    *,
    scenarios: tuple[str, ...],
    vary: tuple[str, ...],
    out: str | None,
    as_json: bool,
    quiet: bool,
    quick: bool,
    thorough: bool,
    details: bool,
    xlsx: bool | None,
    **asked: Any,
) -> None:
    """Compare the strategies of a scenario, or of several.

    Every strategy starts from the same settled worlds and meets the same luck. The command first says what will be
    compared, with warnings of anything you probably did not mean, and then prints the answer to the scenario's
    question. After that it looks, for at most as long again, at other budgets and at what would change the answer;
    Ctrl-C ends this part and keeps the answer. It ends with the answer again and the path of report.html, which has
    the figures; --details prints them here, too. SCENARIO is the name of a shipped scenario (capsim list scenarios) or
    a file. With several scenarios, or one at several values, a single table says which plan is best where, and how far
    behind the others are.
    """
    asked["replications"] = _replications(ctx, **asked)
    if quick and thorough:
        raise click.UsageError("--quick leaves out what --thorough looks into longer; give one of them", ctx)
    from capsim.comparison.extras import THOROUGH

    xlsx = _writes_workbook(scenarios, xlsx)
    times = 0.0 if quick else THOROUGH if thorough else 1.0
    told: dict[str, Any] = {"out": out, "as_json": as_json, "quiet": quiet, "times": times, "xlsx": xlsx}
    if len(scenarios) == 1 and not vary:
        _one(ctx, scenarios[0], details=details, asked=asked, **told)
        return
    if asked["observed"] is not None:
        raise click.UsageError("--observed goes with one scenario, without --vary", ctx)
    from capsim.cli.several_text import run_several

    run_several(ctx, scenarios, _values(ctx, vary), asked=asked, **told)


def _writes_workbook(scenarios: tuple[str, ...], asked: bool | None) -> bool:
    """Whether tables are also written as a workbook; if so, that it can be done is found out before anything runs."""
    from capsim.runs.output import need_openpyxl
    from capsim.scenario.workbooks import is_workbook

    wanted = any(is_workbook(scenario) for scenario in scenarios) if asked is None else asked
    if wanted:
        need_openpyxl()
    return wanted


def _one(
    ctx: click.Context,
    scenario: str,
    *,
    out: str | None,
    as_json: bool,
    quiet: bool,
    details: bool,
    times: float,
    xlsx: bool,
    asked: dict[str, Any],
) -> None:
    from capsim.cli.comparison_text import comparison_facts, comparison_text, failure_lines, last_words
    from capsim.cli.extras_text import words_text
    from capsim.cli.listing import about_scenario
    from capsim.comparison.compare import compare as run_comparison
    from capsim.comparison.districts import means_disagree
    from capsim.comparison.verdicts import drift_warning
    from capsim.runs.blocks import needs_own_process
    from capsim.runs.crews import hired
    from capsim.runs.output import free_folder
    from capsim.scenario import load_scenario

    given = load_scenario(scenario)
    folder = new_folder(free_folder(given.name) if out is None else out)
    about = "" if quiet else about_scenario(given, scenario)
    variants, stop = asked.pop("variants"), None
    alone = needs_own_process(asked["time_limit_seconds"])
    with hired(asked.pop("workers"), alone=alone) as crew:
        with Progress(quiet=quiet) as progress:
            first = False if times else bool(variants)
            result = run_comparison(given, workers=crew, progress=progress, variants=first, **asked)
        if not as_json:  # what it is about comes with the answer: an interrupted command has printed nothing
            told = comparison_text(result, short=quiet, details=details)
            say("\n\n".join([*([about] if about else []), told]))
        if times:
            silent = quiet or as_json
            further = {"variants": variants, "times": times, "time_limit_seconds": asked["time_limit_seconds"]}
            further["workers"] = crew
            result, stop = _further(result, further, quiet=quiet, silent=silent, details=details)
    place, trouble = _save(result, folder if out is not None else free_folder(given.name), xlsx=xlsx)
    if not times and not quiet and not as_json and (words := words_text(result)):
        say(f"\n{words}")
    warned = [line for line in (drift_warning(result), means_disagree(result), *failure_lines(result)) if line]
    for line in warned:
        say(line, err=True)
    if as_json:
        say_json(comparison_facts(result, place, short=quiet))
    elif place is not None:
        say(f"\n{place}" if quiet else f"\n{last_words(result, scenario)}\n\n{place}")
    if trouble is not None:
        raise trouble
    if stop is not None:
        raise type(stop)(f"stopped; the answer and what was finished after it are in {folder}.")
    if result.failures:
        ctx.exit(FAILED)


def _further(
    result: Comparison, asked: dict[str, Any], *, quiet: bool, silent: bool, details: bool
) -> tuple[Comparison, Any]:
    """Look into what may change the answer, and say each finding; what stopped it, if something did."""
    from capsim.cli.extras_text import assumptions_text, ladder_text, variants_text, words_text
    from capsim.comparison.extras import left_out_in_words

    found, said = {"": result}, {""}

    def tell(*texts: str) -> None:
        for text in texts:
            if text not in said and not silent:
                say(f"\n{text}")
            said.add(text)

    long = "about four times as long" if asked["times"] > 1.0 else "about as long again, at most"
    note = f"Now other budgets, and what would change the answer: {long}"

    def both(one: Comparison) -> None:
        tell(ladder_text(one, details=details), variants_text(one))

    stop = look_into(found, asked, quiet=quiet, note=note, tell=both)
    tell(assumptions_text(found[""], details=details), words_text(found[""]), left_out_in_words(found[""]))
    return found[""], stop


def look_into(
    found: dict[str, Comparison],
    asked: dict[str, Any],
    *,
    quiet: bool,
    note: str,
    tell: Callable[[Comparison], None] = lambda _: None,
) -> KeyboardInterrupt | None:
    """Put what may change each answer into the comparisons; what stopped it, if something did."""
    from capsim.comparison.extras import look_further

    if not quiet and sys.stderr.isatty():
        say(f"\n{note}. Ctrl-C ends it.", err=True)
    try:
        for name, comparison in list(found.items()):
            with Progress(quiet=quiet) as progress:
                for more in look_further(comparison, progress=progress, **asked):
                    found[name] = more
                    tell(more)
    except KeyboardInterrupt as error:
        return error
    return None


def _values(ctx: click.Context, vary: tuple[str, ...]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for one in vary:
        name, equals, values = one.partition("=")
        if not equals or name in found:
            why = "is given twice" if name in found else "needs values: write --vary lea_annual_exit=.1,.2,.3"
            raise click.UsageError(f"--vary {one!r} {why}", ctx)
        found[name] = [value.strip() for value in values.split(",") if value.strip()]
        if number := _with_thousands_comma(name, found[name]):
            why = f"{number} looks like a number with a thousands comma; commas part values, so write 250000 or 250_000"
            raise click.UsageError(f"--vary {one!r}: {why}", ctx)
    return found


def _with_thousands_comma(name: str, values: list[str]) -> str:
    """Two values that were probably meant as one number; empty for none. 400,800 can be two budgets in hours."""
    for before, value in itertools.pairwise(values):
        surely = value.startswith("0") or before.startswith("$") or name == "budget_dollars_per_year"
        if surely and re.fullmatch(r"\$?[0-9]{1,3}", before) and re.fullmatch(r"[0-9]{3}", value):
            return f"{before},{value}"
    return ""


def _replications(ctx: click.Context, *, replications: int | str | None, precision: float | None, **_: Any) -> Any:
    """The number asked for, if any; the precision rule chooses it itself."""
    if replications == "auto" and precision is None:
        raise click.UsageError("--replications auto needs --precision W, the half-width to reach", ctx)
    if isinstance(replications, int) and precision is not None:
        raise click.UsageError("--precision chooses the replications; leave out --replications N", ctx)
    return None if replications == "auto" else replications


def _save(result: Comparison, folder: Path, *, xlsx: bool) -> tuple[Path | None, CapsimError | None]:
    """Write the output folder; a full disk at the end must not keep the answer from being printed.

    Gives the place of the report, or of the folder, or none; and what went wrong.
    """
    from functools import partial

    from capsim.comparison.folder import TABLES, write_folder, write_tables

    def write_html(path: Path) -> None:
        from capsim.report import write_report

        write_report(result, path)

    tables = {TABLES: partial(write_tables, result)} if xlsx else {}
    try:
        problems = write_folder(result, folder, extra={"report.html": write_html, **tables})
    except OutputError as error:
        return None, error
    return (folder, CapsimError("; ".join(problems))) if problems else (folder / "report.html", None)
