"""`capsim verify`: the model measured against what must come out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from capsim.cli.group import FAILED
from capsim.cli.options import examples, json_option, quiet_option, workers_option
from capsim.cli.tables import text_table

if TYPE_CHECKING:
    from validation.baseline import Pattern
    from validation.closed_forms import ClosedForm

__all__ = ["verify"]

WHAT = ("closed-forms", "baseline")
_PATTERNS = "patterns"


@click.command(
    short_help="Measure the model against what must come out.",
    epilog=examples(
        "capsim verify closed-forms",
        "capsim verify baseline --seed 7",
        "capsim verify patterns --workers 2 --write docs/patterns.md",
    ),
)
@click.argument("what", type=click.Choice((*WHAT, _PATTERNS)), required=False)
@click.option(
    "--seed", type=click.IntRange(min=0), default=1, show_default=True, metavar="N", help="Of the experiments."
)
@workers_option
@click.option("--quick", is_flag=True, help="Patterns: few replicates of small worlds, to see that everything runs.")
@click.option("--from", "source", metavar="FILE", help="Patterns: the numbers of an earlier run instead of a new one.")
@click.option("--write", metavar="FILE", help="Patterns: write the page, and its numbers beside it as .json.")
@click.option("--markdown", is_flag=True, help="Patterns: as the page docs/patterns.md.")
@json_option
@quiet_option
@click.pass_context
def verify(
    ctx: click.Context,
    *,
    what: str | None,
    seed: int,
    workers: int | None,
    quick: bool,
    source: str | None,
    write: str | None,
    markdown: bool,
    as_json: bool,
    quiet: bool,
) -> None:
    """Measure the model against what must come out; closed-forms and baseline without an argument.

    closed-forms: results that are known exactly when every other process is switched off.
    baseline: patterns of a world without assistance, by size of agency, against their declared bands.
    Exit status 1 if anything is missed. With --quiet only what is missed is printed.

    patterns: what was declared to come out under assistance (docs/patterns_declared.md); about 7,000 runs, a quarter
    of an hour on two cores. What is missed there is a finding: exit status 1 only if a run failed. Their seed is
    declared.
    """
    from capsim.runs.values import strict_json

    if what == _PATTERNS:
        _refuse(ctx, {"seed": "--seed"})
        from capsim.cli.verifying_patterns import verify_patterns

        if not verify_patterns(
            workers=workers, quick=quick, source=source, write=write, markdown=markdown, as_json=as_json, quiet=quiet
        ):
            ctx.exit(FAILED)
        return
    own = {"workers": "--workers", "quick": "--quick", "source": "--from", "write": "--write", "markdown": "--markdown"}
    _refuse(ctx, own)
    chosen = WHAT if what is None else (what,)
    found = {name: _EXPERIMENTS[name](seed) for name in chosen}
    if as_json:
        click.echo(strict_json({name: [_plain(row) for row in rows] for name, rows in found.items()}))
    else:
        click.echo("\n\n".join(_TEXTS[name](rows, short=quiet) for name, rows in found.items()))
    if not all(_met(row) for rows in found.values() for row in rows):
        ctx.exit(FAILED)


def _refuse(ctx: click.Context, options: Mapping[str, str]) -> None:
    """Refuse options that do not belong to what is verified."""
    for name, written in options.items():
        if ctx.get_parameter_source(name) is not ParameterSource.DEFAULT:
            what = ctx.params["what"] or " and ".join(WHAT)
            raise click.UsageError(f"{written} does not belong to {what}.", ctx)


def _closed_forms(seed: int) -> Sequence[Any]:
    from validation.closed_forms import run_closed_forms

    return run_closed_forms(seed=seed)


def _baseline(seed: int) -> Sequence[Any]:
    from validation.baseline import run_baseline

    return run_baseline(seed=seed)


def _met(row: Any) -> bool:
    return bool(row.met if hasattr(row, "met") else row.passed)


def _plain(row: Any) -> dict[str, Any]:
    return {**asdict(row), "met": _met(row)}


def _closed_forms_text(rows: Sequence[ClosedForm], *, short: bool) -> str:
    header = ["closed form", "statistic", "expected", "observed", "tolerance", ""]
    cells = [
        [row.name, row.statistic, f"{row.expected:.6g}", f"{row.observed:.6g}", f"{row.tolerance:.2g}", _word(row)]
        for row in rows
        if not (short and _met(row))
    ]
    return _with_count(header, cells, rows, "closed forms", align="llrrrl")


def _baseline_text(rows: Sequence[Pattern], *, short: bool) -> str:
    header = ["pattern", "positions", "observed", "band", ""]
    cells = [
        [row.name, str(row.size or "all"), f"{row.observed:.4f}", f"{row.low:g} to {row.high:g}", _word(row)]
        for row in rows
        if not (short and _met(row))
    ]
    return _with_count(header, cells, rows, "baseline patterns", align="lrrll")


def _word(row: Any) -> str:
    return "met" if _met(row) else "MISSED"


def _with_count(header: list[str], cells: list[list[str]], rows: Sequence[Any], what: str, *, align: str) -> str:
    count = f"{sum(map(_met, rows))} of {len(rows)} {what} met."
    return f"{text_table(header, cells, align=align)}\n\n{count}" if cells else count


_EXPERIMENTS = {"closed-forms": _closed_forms, "baseline": _baseline}
_TEXTS: dict[str, Any] = {"closed-forms": _closed_forms_text, "baseline": _baseline_text}
