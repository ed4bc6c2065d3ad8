"""Several scenarios as they are printed: which plan where, and what one plan for all would cost."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from capsim.cli.tables import interval_text, signed_text, text_table
from capsim.comparison.answering import against_in_words, in_worlds

if TYPE_CHECKING:
    from capsim.comparison.several import Several


_ALONE = (
    "Other budgets, and which assumptions would change the answer, are looked into for one scenario at a time: "
    "capsim compare SCENARIO"
)


def several_text(result: Several, place: Path, *, short: bool) -> str:
    """Answer, the two tables, and the place of the page."""
    parts = [result.answer()]
    if not short:
        parts += [_plans(result), _regret(result), _ALONE]
    return "\n\n".join([*parts, str(place / "report.html")])


def _plans(result: Several) -> str:
    header = ["scenario", "plan", "gain", "95%", "best in", "behind", "against the best"]
    rows = []
    for row in result.table().to_dict("records"):
        rows.append(
            [
                str(row["scenario"]) if row["rank"] == 1 else "",
                f"{row['rank']} {row['strategy']}",
                signed_text(row["gain"]),
                interval_text(row["low"], row["high"]),
                in_worlds(row["best_in"], row["worlds"]).removesuffix(" worlds"),
                f"{row['regret']:.3f}",
                against_in_words(row),
            ]
        )
    legend = (
        "gain: over no help in the same scenario, with the wider interval; best in: worlds in which the plan is the "
        "best of all; behind: how far its gain is behind that of the best plan there"
    )
    return f"{text_table(header, rows, align='llrrrrl')}\n\n{legend}"


def _regret(result: Several) -> str:
    header = ["one plan for all", "best in", "behind on average", "at most", "where"]
    rows = [
        [
            str(row["strategy"]),
            f"{row['best_in']} of {row['scenarios']}",
            f"{row['mean_regret']:.3f}",
            f"{row['largest_regret']:.3f}",
            str(row["where"]) if row["largest_regret"] > 0.0 else "-",
        ]
        for row in result.regret().to_dict("records")
    ]
    return text_table(header, rows, align="lrrrl")


def several_facts(result: Several, place: Path) -> dict[str, Any]:
    """The same for machines."""
    return {
        "answer": result.answer(),
        "scenarios": list(result.comparisons),
        "table": result.table().to_dict("records"),
        "regret": result.regret().to_dict("records"),
        "flips": result.flips().to_dict("records"),
        "output": str(place / "report.html"),
    }
