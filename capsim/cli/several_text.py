"""Several scenarios in one command, and as they are printed: which plan where, and what one plan for all would cost."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from capsim.cli.comparing import look_into
from capsim.cli.group import FAILED, Progress, say
from capsim.cli.tables import Columns, facts, interval_text, paragraph, records_table, say_json, signed_text
from capsim.comparison.answering import against_in_words, in_worlds
from capsim.parameters.listing import labels_of
from capsim.paths import new_folder

if TYPE_CHECKING:
    from capsim.comparison.several import Several


def several_text(result: Several, *, short: bool) -> str:
    """Answer and the two tables."""
    return "\n\n".join([result.answer(), *([] if short else [_plans(result), _regret(result)])])


def deciding_text(result: Several) -> str:
    """What would change the answer in each scenario; empty where nobody looked."""
    from capsim.comparison.extras import left_out_of_all

    table = result.deciding()
    if table.empty:
        return ""
    said = [
        f"{row['scenario']}: moved most by {labels_of(row['moves_most'])}; where it turns: {row['turns']}; "
        f"rules that turn it: {row['rules_that_turn']}. {row['budget']}"
        for row in table.to_dict("records")
    ]
    parts = ["\n".join(["what would change it", *(paragraph(one, "  ") for one in said)])]
    return "\n\n".join([*parts, *filter(None, [left_out_of_all(result.comparisons)])])


def _plans(result: Several) -> str:
    columns: Columns = {
        "scenario": lambda row: str(row["scenario"]) if row["rank"] == 1 else "",
        "plan": lambda row: f"{row['rank']} {row['strategy']}",
        "gain": lambda row: signed_text(row["gain"]),
        "95%": lambda row: interval_text(row["low"], row["high"]),
        "best in": lambda row: in_worlds(row["best_in"], row["worlds"]).removesuffix(" worlds"),
        "behind": lambda row: f"{row['regret']:.3f}",
        "against the best": against_in_words,
    }
    legend = (
        "gain: over no help in the same scenario, with the wider interval; best in: worlds in which the plan is the "
        "best of all; behind: how far its gain is behind that of the best plan there"
    )
    return f"{records_table(result.table().to_dict('records'), columns, align='llrrrrl')}\n\n{legend}"


def _regret(result: Several) -> str:
    columns: Columns = {
        "one plan for all": lambda row: str(row["strategy"]),
        "best in": lambda row: f"{row['best_in']} of {row['scenarios']}",
        "behind on average": lambda row: f"{row['mean_regret']:.3f}",
        "at most": lambda row: f"{row['largest_regret']:.3f}",
        "where": lambda row: str(row["where"]) if row["largest_regret"] > 0.0 else "-",
    }
    return records_table(result.regret().to_dict("records"), columns, align="lrrrl")


def several_facts(result: Several, place: Path) -> dict[str, Any]:
    """The same for machines."""
    return {
        "answer": result.answer(),
        "scenarios": list(result.comparisons),
        **facts(result, "table", "regret", "flips", "deciding"),
        "output": str(place / "report.html"),
    }


def run_several(
    ctx: click.Context,
    scenarios: tuple[str, ...],
    vary: dict[str, list[str]],
    *,
    out: str | None,
    as_json: bool,
    quiet: bool,
    times: float,
    xlsx: bool,
    asked: dict[str, Any],
) -> None:
    """Compare scenario by scenario, print and write what comes out, and say what would change each answer."""
    from capsim.cli.comparison_text import failure_lines
    from capsim.comparison.compare import compare as run_comparison
    from capsim.comparison.several import Several, varied
    from capsim.report.several import write_several
    from capsim.runs.blocks import needs_own_process
    from capsim.runs.crews import hired
    from capsim.runs.output import free_folder
    from capsim.scenario import load_scenario

    made = varied([load_scenario(one) for one in dict.fromkeys(scenarios)], vary)
    folder = new_folder(free_folder(" ".join(made)) if out is None else out)
    variants, found, stop = asked.pop("variants"), {}, None
    alone = needs_own_process(asked["time_limit_seconds"])
    with hired(asked.pop("workers"), alone=alone) as crew:
        for number, (name, scenario) in enumerate(made.items(), start=1):
            if not quiet:
                say(f"{number} of {len(made)}: {name}", err=True)
            with Progress(quiet=quiet) as progress:
                first = False if times else bool(variants)
                found[name] = run_comparison(scenario, workers=crew, progress=progress, variants=first, **asked)
        if not as_json:
            say(several_text(Several(found), short=quiet))
        if times:
            further = {"variants": variants, "times": times / len(made)}
            further |= {"time_limit_seconds": asked["time_limit_seconds"], "workers": crew}
            note = "Now other budgets, and what would change each answer"
            stop = look_into(found, further, quiet=quiet, note=note)
    result = Several(found)
    write_several(result, folder, xlsx=xlsx)
    if as_json:
        say_json(several_facts(result, folder))
    else:
        said = "" if quiet else deciding_text(result)
        say("".join(f"\n{part}\n" for part in (said, folder / "report.html") if part).rstrip("\n"))
    for name, comparison in found.items():
        for line in failure_lines(comparison):
            say(f"{name}: {line}", err=True)
    if stop is not None:
        raise type(stop)(f"stopped; the answer and what was finished after it are in {folder}.")
    if any(comparison.failures for comparison in found.values()):
        ctx.exit(FAILED)
