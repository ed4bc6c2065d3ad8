"""`capsim compare`: all strategies of a scenario in paired runs, the question answered, an output folder."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

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
    varied_values,
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
    callback=varied_values,
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
    vary: dict[str, list[str]],
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
    from capsim.runs.output import need_openpyxl
    from capsim.scenario.workbooks import is_workbook

    if xlsx := any(map(is_workbook, scenarios)) if xlsx is None else xlsx:
        need_openpyxl()  # that it cannot be done is found out before anything runs
    times = 0.0 if quick else THOROUGH if thorough else 1.0
    how = _How(out, as_json, quiet, details, times, bool(xlsx))
    if len(scenarios) == 1 and not vary:
        _one(ctx, scenarios[0], asked, how)
        return
    if asked["observed"] is not None:
        raise click.UsageError("--observed goes with one scenario, without --vary", ctx)
    _several(ctx, scenarios, vary, asked, how)


class _How(NamedTuple):
    """Where to write, what to print, how many times as long to look further."""

    out: str | None
    as_json: bool
    quiet: bool
    details: bool
    times: float
    xlsx: bool


def _one(ctx: click.Context, scenario: str, asked: dict[str, Any], how: _How) -> None:
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
    folder = new_folder(free_folder(given.name) if how.out is None else how.out)
    about = "" if how.quiet else about_scenario(given, scenario)
    variants, stop = asked.pop("variants"), None
    alone = needs_own_process(asked["time_limit_seconds"])
    with hired(asked.pop("workers"), alone=alone) as crew:
        with Progress(quiet=how.quiet) as progress:
            first = False if how.times else bool(variants)
            result = run_comparison(given, workers=crew, progress=progress, variants=first, **asked)
        if not how.as_json:  # what it is about comes with the answer: an interrupted command has printed nothing
            told = comparison_text(result, short=how.quiet, details=how.details)
            say("\n\n".join(filter(None, (about, told))))
        if how.times:
            limit = asked["time_limit_seconds"]
            further = {"variants": variants, "times": how.times, "time_limit_seconds": limit, "workers": crew}
            result, stop = _further(result, further, how)
    place, trouble = _save(result, folder if how.out is not None else free_folder(given.name), xlsx=how.xlsx)
    if not how.times and not how.quiet and not how.as_json and (words := words_text(result)):
        say(f"\n{words}")
    for line in filter(None, (drift_warning(result), means_disagree(result), *failure_lines(result))):
        say(line, err=True)
    if how.as_json:
        say_json(comparison_facts(result, place, short=how.quiet))
    elif place is not None:
        say(f"\n{place}" if how.quiet else f"\n{last_words(result, scenario)}\n\n{place}")
    if trouble is not None:
        raise trouble
    _end(ctx, stop, folder, [result])


def _end(ctx: click.Context, stop: KeyboardInterrupt | None, folder: Path, found: Iterable[Comparison]) -> None:
    if stop is not None:
        raise type(stop)(f"stopped; the answer and what was finished after it are in {folder}.")
    if any(comparison.failures for comparison in found):
        ctx.exit(FAILED)


def _further(result: Comparison, asked: dict[str, Any], how: _How) -> tuple[Comparison, KeyboardInterrupt | None]:
    """Look into what may change the answer, and say each finding; what stopped it, if something did."""
    from capsim.cli.extras_text import assumptions_text, ladder_text, variants_text, words_text
    from capsim.comparison.extras import left_out_in_words

    found, said = {"": result}, {""}

    def tell(*texts: str) -> None:
        for text in texts:
            if text not in said and not (how.quiet or how.as_json):
                say(f"\n{text}")
            said.add(text)

    def both(one: Comparison) -> None:
        tell(ladder_text(one, details=how.details), variants_text(one))

    long = "about four times as long" if asked["times"] > 1.0 else "about as long again, at most"
    note = f"Now other budgets, and what would change the answer: {long}"
    stop = _look_into(found, asked, quiet=how.quiet, note=note, tell=both)
    tell(assumptions_text(found[""], details=how.details), words_text(found[""]), left_out_in_words(found[""]))
    return found[""], stop


def _look_into(
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


def _several(
    ctx: click.Context, scenarios: tuple[str, ...], vary: dict[str, list[str]], asked: dict[str, Any], how: _How
) -> None:
    """Compare scenario by scenario, print and write what comes how.out, and say what would change each answer."""
    from capsim.cli.comparison_text import failure_lines
    from capsim.cli.extras_text import deciding_text, several_facts, several_text
    from capsim.comparison.compare import compare as run_comparison
    from capsim.comparison.comparison import Several, varied
    from capsim.report.several import write_several
    from capsim.runs.blocks import needs_own_process
    from capsim.runs.crews import hired
    from capsim.runs.output import free_folder
    from capsim.scenario import load_scenario

    made = varied([load_scenario(one) for one in dict.fromkeys(scenarios)], vary)
    folder = new_folder(free_folder(" ".join(made)) if how.out is None else how.out)
    variants, found, stop = asked.pop("variants"), {}, None
    alone = needs_own_process(asked["time_limit_seconds"])
    with hired(asked.pop("workers"), alone=alone) as crew:
        for number, (name, scenario) in enumerate(made.items(), start=1):
            if not how.quiet:
                say(f"{number} of {len(made)}: {name}", err=True)
            with Progress(quiet=how.quiet) as progress:
                first = False if how.times else bool(variants)
                found[name] = run_comparison(scenario, workers=crew, progress=progress, variants=first, **asked)
        if not how.as_json:
            say(several_text(Several(found), short=how.quiet))
        if how.times:
            further = {"variants": variants, "times": how.times / len(made)}
            further |= {"time_limit_seconds": asked["time_limit_seconds"], "workers": crew}
            note = "Now other budgets, and what would change each answer"
            stop = _look_into(found, further, quiet=how.quiet, note=note)
    result = Several(found)
    write_several(result, folder, xlsx=how.xlsx)
    if how.as_json:
        say_json(several_facts(result, folder))
    else:
        said = "" if how.quiet else deciding_text(result)
        say("".join(f"\n{part}\n" for part in (said, folder / "report.html") if part).rstrip("\n"))
    for name, comparison in found.items():
        for line in failure_lines(comparison):
            say(f"{name}: {line}", err=True)
    _end(ctx, stop, folder, found.values())


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

    tables = {TABLES: partial(write_tables, result)} if xlsx else {}
    try:
        problems = write_folder(result, folder, extra={**report_of(result), **tables})
    except OutputError as error:
        return None, error
    return (folder, CapsimError("; ".join(problems))) if problems else (folder / "report.html", None)


def report_of(result: Comparison) -> dict[str, Callable[[Path], object]]:
    """What writes the report of a comparison into its folder, by the name of the file."""
    from capsim.report import write_report

    return {"report.html": lambda path: write_report(result, path)}
