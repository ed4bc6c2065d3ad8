"""`capsim explain`: why one strategy does better than another, pathway by pathway."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from capsim.cli.group import FAILED, Progress, say
from capsim.cli.options import (
    Whole,
    examples,
    output_options,
    scenario_argument,
    seed_option,
    uncertainty_option,
    weight_option,
    workers_option,
)
from capsim.cli.tables import facts, interval_text, say_json, share_text, signed_text, text_table
from capsim.errors import last_line
from capsim.paths import file_to_write, whole_file

if TYPE_CHECKING:
    from capsim.analyses.explain import Explanation

_FORMATS = (".svg", ".png", ".pdf")


@click.command(
    epilog=examples(
        "capsim explain classroom organization_focused individual_focused",
        "capsim explain ohio organization_focused none --replications 8",
        "capsim explain ohio organization_focused individual_focused --out why.svg",
    )
)
@scenario_argument
@click.argument("first", metavar="A")
@click.argument("second", metavar="B")
@click.option("--replications", type=Whole(min=2), metavar="N", help="Number of paired runs (default: the scenario's).")
@workers_option
@uncertainty_option
@weight_option
@seed_option
@click.option("--out", metavar="FILE", help="Also draw the contributions, as FILE.svg, .png or .pdf.")
@output_options
@click.pass_context
def explain(
    ctx: click.Context,
    /,
    *,
    scenario: str,
    first: str,
    second: str,
    out: str | None,
    as_json: bool,
    quiet: bool,
    **options: Any,
) -> None:
    """Explain why strategy A does better or worse than B.

    Splits their difference in the scenario's outcome into six pathways: person-held skill, routines, ties, shared
    goals, culture and engagement, alignment. A pathway counts by what it feeds into the use of practices, against the
    same worlds without assistance; contributions (Shapley values) sum to the difference. They attribute the last link
    of each chain: skill that grew because routines grew counts as skill. For a strategy that changes the regional
    agencies, what those do without help has a row of its own. SCENARIO is the name of a shipped scenario
    (capsim list scenarios) or a file; A and B are strategies of it or shipped ones (capsim list strategies).
    """
    from capsim.analyses.explain import explain as explain_difference
    from capsim.figures.canvas import save_figure
    from capsim.scenario import load_scenario

    given = load_scenario(scenario)
    figure = None if out is None else file_to_write(out, endings=_FORMATS)
    with Progress(quiet=quiet) as progress:
        result = explain_difference(given, first, second, progress=progress, **options)
    if as_json:
        _say_json(result, short=quiet)
    else:
        say(_text(result, short=quiet))
    for failure in result.failures:
        who = f"{failure['strategy']}: replicate {failure['replicate']}"
        say(f"{who} failed: {last_line(failure['reason'])}", err=True)
    if figure is not None:
        drawn: Any = result.plot().get_figure(root=True)
        with whole_file(figure) as draft:
            save_figure(drawn, draft, dpi=150)
        if not as_json:
            say(f"\n{figure}")
    if result.failures:
        ctx.exit(FAILED)


def _text(result: Explanation, *, short: bool) -> str:
    """The sentence, and a table for each set of assumptions."""
    parts = [result.sentence()]
    if not short:
        parts += [_table(result, assumptions) for assumptions in result.assumption_sets]
        parts += _support(result)
        parts.append(
            "Intervals are of the mean over pairs: 95%, by bootstrap, one and the same resamples for all rows. capsim "
            "compare gives a t interval of the mean for luck, and for luck and assumptions the range of 95% of single "
            "pairs, which is wider; so its figures for the same difference are others."
        )
        parts.append(
            "A pathway counts by what it feeds into use, against the same worlds without assistance: skill that grew "
            "because routines grew counts as skill."
        )
    return "\n\n".join(parts)


def _table(result: Explanation, assumptions: str) -> str:
    both = "luck, assumptions and rules" if result.scenario.uncertainty == "structure" else "luck and assumptions"
    over = {"default": "luck", "drawn": both}[assumptions]
    pairs = len(result.replicates[assumptions])
    title = f"{result.first} - {result.second}, over {over}, {pairs} pairs"
    gains = [f"{name} - none" for name in (result.first, result.second)]
    header = ["pathway", *gains, "difference", "95% of the mean (bootstrap)", "share"]
    table = result.contributions(assumptions=assumptions)
    rows = [
        [
            result.pathways[row["pathway"]],
            signed_text(row["first_gain"], 4),
            signed_text(row["second_gain"], 4),
            signed_text(row["contribution"], 4),
            interval_text(row["low"], row["high"], 4),
            share_text(row["share"]),
        ]
        for row in table.to_dict("records")
    ]
    total = result.total_of(assumptions)
    ends = [signed_text(float(table[column].sum()), 4) for column in ("first_gain", "second_gain")]
    rows.append(["total", *ends, signed_text(total.estimate, 4), interval_text(total.low, total.high, 4), ""])
    return f"{title}\n\n{text_table(header, rows, align='lrrrrr')}"


def _support(result: Explanation) -> list[str]:
    """Table of support from above and what it is made of; nothing where there is none."""
    from capsim.catalogue import MEASURES
    from capsim.levels import LEVELS

    table = result.support_factors()
    if table.empty:
        return []
    header = ["agencies", "help from those above (1 is usual)", "none", result.first, result.second]
    rows = [
        [
            LEVELS[row["level"]].plural,
            MEASURES[row["factor"]].title,
            *(f"{row[n]:.3f}" for n in ("none", "first", "second")),
        ]
        for row in table.to_dict("records")
    ]
    return [text_table(header, rows, align="llrrr")]


def _say_json(result: Explanation, *, short: bool) -> None:
    total = result.total
    answer = {
        **facts(result, "sentence", "first", "second", "outcome"),
        **dict(zip(("total", "low", "high"), total, strict=True)),
        "failed_runs": len(result.failures),
    }
    sets = {}
    for assumptions in () if short else result.assumption_sets:
        total = result.total_of(assumptions)
        sets[assumptions] = {
            "pairs": len(result.replicates[assumptions]),
            "total": asdict(total),
            "contributions": result.contributions(assumptions=assumptions).to_dict("records"),
            "support": result.support_factors(assumptions=assumptions).to_dict("records"),
        }
    say_json(answer if short else {**answer, "assumptions": sets, "failures": result.failures})
