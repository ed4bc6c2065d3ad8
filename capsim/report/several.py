"""Pages over many situations: of several scenarios, each comparison in a folder of its own; and of a finished study,
whose points are the situations.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import yaml

from capsim.catalogue.rules import RULES
from capsim.comparison.answering import against_in_words, in_worlds
from capsim.comparison.comparison import MOST_SCENARIOS, Several
from capsim.comparison.extras import left_out_of_all
from capsim.comparison.folder import FORMAT, PROVENANCE, SEVERAL, TABLES, write_folder, write_tables
from capsim.comparison.sweep_summary import ORDERS, JudgedPoints, StudyPlans
from capsim.figures.canvas import PAGE_WIDTH, inline_svg, new_axes
from capsim.figures.course import plot_by_factor, plot_gains
from capsim.figures.palette import strategy_label, strategy_styles
from capsim.parameters import PARAMETERS
from capsim.parameters.listing import labels_of
from capsim.paths import read_text
from capsim.report import plain
from capsim.report.page import Section, page_text, write_page, write_report
from capsim.report.parts import Code, Facts, Fold, Link, Part, Picture, Row, Table
from capsim.report.results import Results, reality_of
from capsim.report.setting import origin_facts
from capsim.report.varied import sliders_of, sliders_over
from capsim.runs.designs import RULE_FACTORS
from capsim.runs.output import read_json, slug, strict_json, whole_folder
from capsim.runs.reading import Results as StudyResults

_MOST_ROWS = 40
"""Plans at points up to which a study has one picture of all of them."""
_INVENTED = "What is real about the agencies is said on the page of each scenario; their inner state is simulated."


def write_several(result: Several, folder: Path, *, xlsx: bool = False) -> Path:
    """Write the folder of several scenarios, whole or not at all: scenarios.csv, regret.csv, flips.csv, deciding.csv,
    report.html, and a folder for each scenario with its own report; with `xlsx` its tables as a workbook too.
    """
    places = folders_of(result)
    with whole_folder(folder, last=PROVENANCE) as stage:
        for name, comparison in result.comparisons.items():
            extra: dict[str, Callable[[Path], object]] = {"report.html": partial(write_report, comparison)}
            if xlsx:
                extra[TABLES] = partial(write_tables, comparison)
            write_folder(comparison, stage / places[name], extra=extra)
        tables = {"scenarios": result.table(), "regret": result.regret(), "flips": result.flips()}
        for name, table in (tables | {"deciding": result.deciding()}).items():
            table.to_csv(stage / f"{name}.csv", index=False, lineterminator="\n", encoding="utf-8")
        write_page(render_several(result), stage / "report.html")
        record = {"format": FORMAT, "kind": SEVERAL, "scenarios": list(places.values()), "names": list(places)}
        (stage / PROVENANCE).write_text(strict_json(record) + "\n", encoding="utf-8", newline="\n")
    return folder


def folders_of(result: Several) -> dict[str, str]:
    """Name of the folder of each scenario."""
    found: dict[str, str] = {}
    for number_, name in enumerate(result.comparisons, start=1):
        short = slug(name) or "scenario"
        found[name] = short if short not in found.values() else f"{short}-{number_}"
    return found


def render_several(result: Several) -> str:
    """The page over all scenarios as text."""
    table = result.table()
    answer: list[Part] = [result.answer()]
    if len(table):
        answer += [*sliders_of(result), _picture(table), _for_all(result.regret(), "scenarios"), *_deciding(result)]
    places = folders_of(result)
    sections = []
    for place, (name, comparison) in zip(places.values(), result.comparisons.items(), strict=True):
        section = Section(place, name, name, lambda results: [], open=True)
        own = table[table["scenario"] == name] if len(table) else table
        parts: list[Part] = [comparison.answer(), *([_plans(own)] if len(own) else [])]
        sections.append((section, [*parts, Link("Everything else about this scenario", f"{place}/report.html")]))
    names = list(result.comparisons)
    return page_text(
        name=plain.joined(names) if len(names) < 5 else f"{len(names)} scenarios",
        question="Which plan is the best in which scenario?",
        verdict=_verdict(result),
        answer=answer,
        sections=sections,
        reality=_INVENTED,
        naming=" ".join(dict.fromkeys(Results(one).naming() for one in result.comparisons.values())),
        terms=[],
    )


def _verdict(result: Several) -> str:
    regret = result.regret()
    if regret.empty:
        return "No answer"
    best = regret.iloc[0]
    if not result.settled_in():
        return f"In no scenario is it settled which plan is the best; {plain.running(best['strategy'])} loses least over all"
    if best["best_in"] == best["scenarios"]:
        return f"{strategy_label(best['strategy'])} comes out first in every scenario"
    return f"It depends on the scenario; {plain.running(best['strategy'])} loses least over all"


def _picture(table: Any) -> Picture:
    height = 0.9 + 0.34 * len(table)
    ax = plot_gains(table, ax=new_axes(PAGE_WIDTH, height))
    drawing = inline_svg(ax.figure, name="several", title="Gain of every plan in every scenario")  # type: ignore[arg-type]
    note = "Dot: gain over no help; line: the wider interval, over luck or over what was drawn beside it."
    return Picture("Gain of every plan in every scenario", note, [drawing], _INVENTED)


def _for_all(regret: Any, what: str) -> Table:
    """What one plan for all of them would lose; of points of a study with its gains too."""
    styles = strategy_styles(regret["strategy"])
    digits = plain.digits_for(regret["largest_regret"])
    study = "gain" in regret
    rows = []
    for row in regret.to_dict("records"):
        cells = [
            f"{row['best_in']} of {row['points' if study else 'scenarios']}",
            plain.number(row["mean_regret"], digits),
            plain.number(row["largest_regret"], digits),
            str(row["where"]) if row["largest_regret"] > 0.0 else "nowhere",
        ]
        if study:
            cells.insert(0, plain.interval_in(row, "gain", "lowest_gain", "highest_gain", digits=digits))
        rows.append(Row(strategy_label(row["strategy"]), cells, styles[row["strategy"]].color))
    headers = ["One plan for all", *(["Gain"] if study else []), "Best in", "Behind on average", "Behind at most"]
    note = "Gain: mean over the points, and lowest to highest. " if study else ""
    note += "Behind: how far the gain is behind that of the best plan there. The plan that loses least comes first."
    return Table(f"If one plan must do for all {what}", [*headers, "Where"], rows, note)


def _deciding(result: Several) -> list[Part]:
    """What would change the answer in each scenario."""
    rows = [
        Row(str(row["scenario"]), (labels_of(row["moves_most"]), row["turns"], row["rules_that_turn"], row["budget"]))
        for row in result.deciding().to_dict("records")
    ]
    if not rows:
        return ["Other budgets and what would change each answer were not looked into; without --quick they are."]
    headers = ["Scenario", "Moved most by", "It turns", "Rules that turn it", "More money"]
    note = "It: the answer to the question of the scenario. The report of each scenario has the figures."
    left_out = left_out_of_all(result.comparisons)
    return [Table("What would change the answer", headers, rows, note, words=True), *([left_out] if left_out else [])]


def _plans(own: Any) -> Table:
    styles = strategy_styles(own["strategy"])
    digits = plain.digits_for(own["gain"])
    rows = [
        Row(
            strategy_label(row["strategy"]),
            (
                plain.interval_in(row, digits=digits),
                in_worlds(row["best_in"], row["worlds"]).removesuffix(" worlds"),
                plain.number(row["regret"], digits),
                against_in_words(row).replace("; ", "\n"),
            ),
            styles[row["strategy"]].color,
        )
        for row in own.to_dict("records")
    ]
    return Table(
        f"All plans, {own['scenario'].iloc[0]}",
        ["Plan", "Gain", "Best in", "Behind the best", "Against the best"],
        rows,
    )


def render_study(plans: StudyPlans) -> str:
    """The page of a study as text: which plan over its points, and where the order turns."""
    results, table, judged = plans.results, plans.over_points, plans.judged
    study, points = results.study, int(table["points"].max()) if len(table) else 0
    origin = read_json(read_text(results.folder / PROVENANCE))
    sliders = sliders_over(judged.table, plans.settings, title="Move the factors")
    parts = {
        "factors": ("What the factors change", "By factor", [*sliders, *_by_factor(plans)]),
        "orders": ("Where the order of two plans turns", "Orders", _orders(judged)),
        "points": ("Point by point", "Points", _point_by_point(judged)),
        "setting": ("What was simulated and assumed", "What was assumed", _assumed(results)),
        "provenance": ("Where these numbers come from", "Provenance", _origin(results, origin)),
    }
    return page_text(
        name=study.name,
        question=f"Which plan is the best at the {plain.count(points, 'point')} of this study?",
        verdict=_verdict_of_study(table),
        answer=[plans.answer(), *([_for_all(table, "points")] if len(table) else [])],
        sections=[
            (Section(name, title, short, lambda _: [], open=True), own)
            for name, (title, short, own) in parts.items()
            if own
        ],
        reality=reality_of(study.scenario),
        naming="No district is named.",
        terms=[],
        version=str(origin.get("versions", {}).get("capsim", "")),
    )


def _verdict_of_study(plans: Any) -> str:
    if plans.empty:
        return "No plans to choose from"
    best = plans.iloc[0]
    name = strategy_label(best["strategy"])
    if best["best_in"] == best["points"]:
        return f"{name} has the largest gain at every point"
    return f"It depends on the point; {plain.running(best['strategy'])} loses least as one plan for all"


def _by_factor(plans: StudyPlans) -> list[Part]:
    """A picture for each factor, and their figures in a table below."""
    table = plans.by_factor
    if table.empty:
        return []
    drawings = [
        inline_svg(plot_by_factor(own, ax=new_axes(PAGE_WIDTH, 2.6)).figure, name=f"factor-{place}", title=str(factor))  # type: ignore[arg-type]
        for place, (factor, own) in enumerate(table.groupby("factor", sort=False))
    ]
    note = "Dot: mean gain over the points with this value; line: lowest to highest of them, over the other factors."
    digits, styles = plain.digits_for(table["gain"]), strategy_styles(table["strategy"].drop_duplicates())
    rows = [
        Row(
            strategy_label(row["strategy"]),
            (
                f"{row['factor']} {row['value']}",
                plain.interval_in(row, "gain", "lowest", "highest", digits=digits),
                f"{row['best_in']} of {row['points']}",
            ),
            styles[row["strategy"]].color,
        )
        for row in table.to_dict("records")
    ]
    figures = Table("Gains by factor", ["Plan", "Where", "Gain, lowest to highest", "Best in"], rows)
    picture = Picture("Gain by the value of each factor", note, drawings, reality_of(plans.results.study.scenario))
    return [picture, Fold("These figures as a table", [figures])]


def _orders(judged: JudgedPoints) -> list[Part]:
    rows = [
        Row(
            f"{strategy_label(row['first'])} and {strategy_label(row['second'])}",
            tuple(str(row[what]) for what in ORDERS),
        )
        for row in judged.orders.to_dict("records")
    ]
    headers = ["Two plans", "First ahead", "Second ahead", "Practically equal", "Not settled", "Too few worlds"]
    note = "Points by verdict. The order turns where both of the first two columns are more than 0."
    return [Table("Pairs of plans over all points", headers, rows, note)] if rows else []


def _point_by_point(judged: JudgedPoints) -> list[Part]:
    """The best plan of every point and what it is against the second; of not too many points every plan."""
    table = judged.table
    if table.empty:
        return []
    digits, styles = plain.digits_for(table["gain"]), strategy_styles(table["strategy"].drop_duplicates())
    rows = []
    for place, own in table.groupby("scenario", sort=False):
        best, second = own.head(2).to_dict("records")
        gain = plain.interval_in(best, digits=digits)
        verdict = against_in_words(best).removeprefix("best; second: ")
        cells = (strategy_label(best["strategy"]), gain, strategy_label(second["strategy"]), verdict)
        rows.append(Row(str(place), cells, styles[best["strategy"]].color))
    headers = ["Point", "Best", "Gain", "Second", "The second is"]
    best_ones = Table("The best plan at every point", headers, rows, words=True)
    if len(rows) > MOST_SCENARIOS:
        return [Fold(f"All {len(rows)} points", [best_ones])]
    every = [_plans(own) for _, own in table.groupby("scenario", sort=False)]
    picture = [_picture(table)] if len(table) <= _MOST_ROWS else []
    return [best_ones, *picture, Fold("Every plan at every point", every)]


def _assumed(results: StudyResults) -> list[Part]:
    """What was varied, and what every point has in common."""
    study, counts = results.study, results.counts
    scenario, line = study.scenario, study.scenario.timeline
    luck = {"policies": "Shared by the plans of a point and replicate", "all": "The same at every point"}
    drawn = {"default": "At their best guess", "drawn": "Drawn from their ranges, anew for every replicate"}
    own = [f"{name} {value:g}" for name, value in scenario.parameters.items() if name not in study.factors]
    failed = f"; {counts['failed']:,} of them failed and are left out" if counts["failed"] else ""
    missing = results.total - counts["done"] - counts["failed"]
    stored = f"; {missing:,} are not stored yet" if missing else ""
    runs = f"{plain.count(results.total, 'run')}: {study.replications} for each plan at each point{failed}{stored}"
    facts = [
        ("Scenario", f"{scenario.name}. {reality_of(scenario)}"),
        ("Time", f"{plain.duration(line.assistance)} of assistance, {plain.duration(line.follow_up)} without it"),
        ("Budget", f"{scenario.assistance.budget_hours_per_year:,.0f} hours a year, unless it is a factor"),
        ("Asked about", f"{scenario.asked.title}, mean over {scenario.question.weight}"),
        ("Plans", plain.joined(map(strategy_label, study.strategy_names))),
        ("Assumptions", drawn.get(study.assumptions, "Drawn anew for every replicate, and so are forms of rules")),
        ("Set by the scenario", plain.joined(own) or "Nothing that differs from the defaults"),
        ("Luck", luck.get(study.crn, "Each run has its own")),
        ("Runs", runs),
    ]
    return [_varied(study), Facts(facts)]


def _varied(study: Any) -> Table:
    rows = []
    for name, factor in study.factors.items():
        values = getattr(factor, "values", None) or (f"from {factor.low:g} to {factor.high:g}",)
        shown = plain.joined(value if isinstance(value, str) else f"{value:g}" for value in values)
        plausible, meaning = "-", "Hours of consultants a year"
        if declared := PARAMETERS.get(name):
            plausible = plain.with_unit(f"{declared.low:g} to {declared.high:g}", declared.unit)
            meaning = declared.meaning
        elif name in RULE_FACTORS:
            meaning = RULES[RULE_FACTORS[name]].sentence
        rows.append(Row(name, (shown, plausible, meaning)))
    return Table("What was varied", ["Factor", "Values", "Plausible range", "What it is"], rows, words=True)


def _origin(results: StudyResults, origin: dict[str, Any]) -> list[Part]:
    again = "Run in the folder of this page, this makes the runs again and compares them, to the last digit."
    content = yaml.safe_dump(results.study.resolved(), sort_keys=False, allow_unicode=True, width=100)
    facts = [*origin_facts(origin), ("Study, by content", results.study_hash)]
    return [Facts(facts), again, Code("capsim rerun ."), Fold("The study in full", [Code(str(content))])]
