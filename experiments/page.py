"""The page of an experiment: question, picture, finding, where it flips, what it rests on. All numbers are given."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from capsim.comparison.statistics import crossings
from capsim.parameters.listing import parameter_label
from experiments.findings import decided
from experiments.question import Cause, Question


def _signed(value: float) -> str:
    digits = 4 if abs(value) >= 5e-5 or value == 0.0 else 6
    return f"{value:+.{digits}f}".replace("-", "\u2212")


def _plain(value: float) -> str:
    return f"{value:.3g}".replace("-", "\u2212")


def page(name: str, question: Question, found: dict[str, Any]) -> str:
    """The README of an experiment."""
    lines = [
        f"# {question.title}",
        "",
        "<!-- Written by the command below. -->",
        "",
        f"**{question.question}**",
        "",
        question.why.strip(),
        "",
        "```\n" + f"python -m experiments {name}" + "\n```",
        "",
        "![The difference of the strategies, point by point](figure.svg)",
        "",
        "## Finding",
        "",
    ]
    for asked, pair in zip(question.pairs, _once(found["pairs"], question), strict=True):
        lines += [f"**{asked.asks}** {sentence_of(pair, question)}", ""]
        for said in (_drawn(pair, question), _means(pair), _rules(pair, question)):
            lines += [said, ""] if said else []
    lines += ["**What in the model makes it so.** " + question.explained.strip(), ""]
    lines += [*_causes(found, question), "## Where it flips", ""]
    for pair in found["pairs"]:
        lines += [f"*{question.asked(pair)}*", "", *(f"- {line}" for line in _flips(pair, question)), ""]
    lines += ["## Figures", ""]
    for pair in found["pairs"]:
        lines += [question.asked(pair), "", *_table(pair, question), ""]
    lines += [
        "Hours and money at the base point, means over worlds, for all agencies of the sample over five years:",
        "",
    ]
    lines += [*_hours(found, question), "", "## What this rests on", "", question.assumed.strip(), ""]
    lines += [_made(found), ""]
    return "\n".join(lines)


def sentence_of(pair: dict[str, Any], question: Question) -> str:
    """The answer at the base point in one sentence."""
    drawn = pair["drawn"]
    first, second, outcome = (
        _quoted(pair["first"], question),
        _quoted(pair["second"], question),
        _outcome(pair["outcome"]),
    )
    low, high = _signed(drawn["low"]), _signed(drawn["high"])
    behind = f"95% interval {low} to {high}, {drawn['pairs']} paired worlds, luck alone"
    side = (drawn["low"] > 0.0) - (drawn["high"] < 0.0)
    if not side:
        said = f"{outcome} with {first} cannot be told apart from that with {second}"
        return f"At the base point, {said}: {_signed(drawn['difference'])} ({behind})."
    size = _signed(abs(drawn["difference"])).removeprefix("+")
    way = "higher" if side > 0 else "lower"
    return f"At the base point, {outcome} is {size} {way} with {first} than with {second} ({behind})."


def _quoted(strategy: str, question: Question) -> str:
    """A strategy as a label in a sentence, whatever its words are."""
    return f"“{question.word(strategy)}”"


def _listed(items: Sequence[str]) -> str:
    """A list in running text."""
    *others, last = items
    return f"{', '.join(others)}{',' if len(others) > 1 else ''} and {last}" if others else last


def _outcome(name: str) -> str:
    for moment, words in (("_follow_up_end", "at the end of follow-up"), ("_assistance_end", "when assistance ends")):
        if name.endswith(moment):
            measure = name.removesuffix(moment)
            return f"{_MEASURES.get(measure, measure.replace('_', ' '))} {words}"
    return name.replace("_", " ")


_MEASURES = {
    "use_by_pupils": "use, as a mean over pupils,",
    "equity_gap_size": "the gap in use between large and small districts",
    "alignment_parent": "alignment with the agency above",
}


def _drawn(pair: dict[str, Any], question: Question) -> str:
    drawn = pair["drawn"]
    named = [f"{parameter_label(one['parameter'])} ({_plain(one['correlation'])})" for one in drawn["assumptions"]]
    matter = "No single assumption stands out from chance."
    if named:
        matter = f"What moves it most is {_listed(named)}; in brackets rank correlations."
    return (
        f"With assumptions and rules drawn as well, the difference lies between {_signed(drawn['range_low'])} and "
        f"{_signed(drawn['range_high'])} in 95% of {drawn['drawn_pairs']} worlds, and "
        f"{_quoted(pair['first'], question)} comes out higher in {drawn['first_ahead']:.0%} of them. {matter}"
    )


def _once(pairs: list[dict[str, Any]], question: Question) -> list[dict[str, Any]]:
    """One of the panels of each pair: what is said of the base point is the same in all."""
    panels = len(pairs) // len(question.pairs)
    return pairs[::panels]


def _rules(pair: dict[str, Any], question: Question) -> str:
    """What is robust over forms of the rules, and what is not; empty where none were drawn."""
    table = pair["drawn"].get("rules", [])
    if not table:
        return ""
    side = [(row["low"] > 0.0) - (row["high"] < 0.0) for row in table]
    count = {way: side.count(way) or "none" for way in (1, -1, 0)}
    heavy = {row["rule"]: row["explained"] for row in table if row["explained"] >= 0.05}
    text = (
        f"Averaged over everything else that was drawn, {_quoted(pair['first'], question)} comes out higher under "
        f"{count[1]} of the {len(table)} forms of rules and {_quoted(pair['second'], question)} under {count[-1]}; "
        f"{count[0]} leave{'s' if count[0] in (1, 'none') else ''} it undecided."
    )
    turned = [f"{row['rule']}: {row['variant']} ({_signed(row['difference'])})" for row in table if row["turns"]]
    if turned:
        text += f" The answer turns under {_listed(turned)}."
    if heavy:
        named = [f"{rule} ({share:.0%})" for rule, share in sorted(heavy.items(), key=lambda one: -one[1])]
        text += f" Of the variance between worlds, most is explained by {_listed(named)}."
    return text


def _means(pair: dict[str, Any]) -> str:
    """The difference at the base point under every way of counting districts; empty where it was not looked at."""
    means = pair["drawn"].get("means", [])
    if not means:
        return ""
    figures = [
        f"{_signed(one['difference'])} over {one['weight']} ({_signed(one['low'])} to {_signed(one['high'])})"
        for one in means
    ]
    signs = {(one["low"] > 0.0) - (one["high"] < 0.0) for one in means}
    verdict = "These means do not agree." if len(signs) > 1 else "All agree on what is settled."
    return f"The mean is {_listed(figures)}. {verdict}"


def _flips(pair: dict[str, Any], question: Question) -> list[str]:
    lines = []
    for row in pair["flips"]:
        where = f"{question.word(question.across)} = {row[question.across]:g}: " if question.across else ""
        here = [p for p in pair["points"] if not question.across or p[question.across] == row[question.across]]
        if row["share_that_agree"] is None:
            lines.append(where + _no_flip(pair, here, question, moves=row["moves"]))
            continue
        spans = [f" ({_plain(low)} to {_plain(high)})" for low, high in row["intervals"]] or [""] * len(row["at"])
        places = _listed([f"{_plain(zero)}{span}" for zero, span in zip(row["at"], spans, strict=True)])
        agree = f"{row['share_that_agree']:.0%} of resamples agree"
        lines.append(f"{where}it flips at {places} of {question.word(question.along)}; {agree}")
    return lines


def _no_flip(pair: dict[str, Any], here: list[dict[str, Any]], question: Question, *, moves: bool) -> str:
    """What is said of points among which none is decided for one of the two."""
    values = sorted(point[question.along] for point in here)
    between = f"from {values[0]:g} to {values[-1]:g} of {question.word(question.along)}"
    sides = decided(here)
    higher = f"{_quoted(pair[sides[0]], question)} is higher" if sides else "undecided"
    if not moves:
        return f"it does not depend on {question.word(question.along)}; {higher} throughout"
    if not sides:
        return f"undecided {between}"
    if len(sides) == len(here):
        return f"no flip {between}; {higher} at all {len(here)} points"
    zeros = crossings(np.array(values), np.array([point["difference"] for point in here]))
    changes = f"; the mean changes sign at about {_listed([_plain(zero) for zero in zeros])}" if zeros else ""
    left = len(here) - len(sides)
    return f"no settled flip {between}; {higher} at {len(sides)} of {len(here)} points, undecided at {left}{changes}"


def _table(pair: dict[str, Any], question: Question) -> list[str]:
    factors = question.factors
    head = [*(question.word(name) for name in factors), "difference", "interval", "higher with", "pairs"]
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    words = {"first": question.word(pair["first"]), "second": question.word(pair["second"]), "undecided": "undecided"}
    for point in pair["points"]:
        cells = [
            *(f"{point[name]:g}" for name in factors),
            _signed(point["difference"]),
            f"{_signed(point['low'])} to {_signed(point['high'])}",
            words[point["ahead"]],
            str(point["pairs"]),
        ]
        lines.append("| " + " | ".join(cells) + " |")
    return lines


def _causes(found: dict[str, Any], question: Question) -> list[str]:
    """What the pairs are when a named cause is taken away; nothing where none is."""
    if not found.get("causes"):
        return []
    lines = [
        "Each cause was taken away by itself, at the base point and under the same luck. The change is from the model "
        "as it is; intervals are 95%.",
        "",
        "| taken away | how | pair | difference without it | change |",
        "|---|---|---|---|---|",
    ]
    settings = {cause.cause: _settings(cause) for cause in question.causes}
    for row in found["causes"]:
        pair = question.pairs[row["pair"]]
        lines.append(
            f"| {row['cause']} | {settings[row['cause']]} | {pair.asks.rstrip('.')} | {_interval(row, '')} | "
            f"{_interval(row, 'change_')} |"
        )
    return [*lines, ""]


def _settings(cause: Cause) -> str:
    chosen = [f"`{name}` {value:g}" for name, value in cause.parameters.items()]
    return ", ".join(chosen + [f"`rules.{rule}` {form}" for rule, form in cause.rules.items()])


def _interval(row: dict[str, Any], prefix: str) -> str:
    estimate, low, high = (_signed(row[f"{prefix}{key}"]) for key in ("difference", "low", "high"))
    return f"{estimate} ({low} to {high})"


def _hours(found: dict[str, Any], question: Question) -> list[str]:
    lines = [
        "| strategy | TA hours | unspent | hours of staff | of these passed on | cost, $ million | use gained | "
        "gained per $10 million |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for row in found["hours"]:
        lines.append(
            f"| {question.word(row['strategy'])} | {row['ta_hours']:,.0f} | {row['unspent_hours']:,.0f} | "
            f"{row['recipient_hours']:,.0f} | {row['turnkey_hours']:,.0f} | {row['cost'] / 1e6:,.2f} | "
            f"{_signed(row['gain_use_follow_up_end'])} | {_per_dollars(row)} |"
        )
    return lines


def _per_dollars(row: dict[str, Any]) -> str:
    """Gain for ten million dollars; nothing without cost."""
    return _signed(row["gain_use_follow_up_end"] / (row["cost"] / 1e7)) if row["cost"] > 0.0 else ""


def _made(found: dict[str, Any]) -> str:
    return (
        "Intervals in the tables hold for all points of a pair together (95%, Bonferroni). There are "
        f"{found['replications']} paired replications at every point and {found['districts']} districts; study "
        f"`{found['study'][:12]}`, results version {found['results_version']}. Size and place of agencies are real "
        "where the scenario names a state; their inner state is simulated."
    )


def overview(rows: list[tuple[str, Question, dict[str, Any]]]) -> str:
    """The page over all experiments."""
    lines = [
        "# Experiments",
        "",
        "Each question has a folder with a study file, a picture and a page whose numbers are written by one command. "
        "`python -m experiments --list` names them all, `python -m experiments NAME` runs one (some minutes on two "
        "cores), and `python -m experiments --all` runs all of them.",
        "",
        "The base point is the model at its defaults. Words in quotation marks name the plans that are compared; each "
        "page says what they do, what turns the answer and what it rests on.",
        "",
        "| question | finding |",
        "|---|---|",
    ]
    for name, question, found in rows:
        lines.append(f"| [{question.question}]({name}/README.md) | {sentence_of(found['pairs'][0], question)} |")
    return "\n".join([*lines, ""])
