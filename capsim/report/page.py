"""The whole page: sections in order, template and style sheet in one file that needs nothing else."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Sequence
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any, NamedTuple

import jinja2

from capsim.comparison.answering import which_plan
from capsim.comparison.comparison import Comparison
from capsim.figures.palette import MUTED, clean_text, css_variables, strategy_label, themed
from capsim.page import one_script
from capsim.paths import file_to_write, whole_file
from capsim.report.answer import answer_parts, question, verdict
from capsim.report.assumptions import assumptions_parts, break_even_parts, evidence_parts
from capsim.report.capacities import capacities_parts, needs_parts, outcomes_parts, wishes_parts
from capsim.report.cost import center_parts, cost_parts, plan_parts
from capsim.report.course import course_parts, lasting_parts
from capsim.report.differences import differences_parts, fairness_parts, means_parts, multipliers_parts
from capsim.report.flow import chain_parts, flow_parts, leavers_parts, reach_parts
from capsim.report.instruments import instruments_parts, own_instruments_parts
from capsim.report.moving import ladder_parts, moving_parts
from capsim.report.parts import Fold, Part, Sliding
from capsim.report.regions import (
    areas_parts,
    districts_parts,
    regions_parts,
    stocktakes_parts,
    structures_parts,
    support_parts,
    tools_parts,
)
from capsim.report.results import Results
from capsim.report.setting import provenance_parts, setting_parts, trust_parts
from capsim.report.strategies import delivery_parts, described
from capsim.report.survey import observed_parts, survey_parts
from capsim.runs.output import strict_json


class Section(NamedTuple):
    """A headed part of the page: its anchor, its heading, its entry in the contents, what makes its parts, and whether
    it lies open for everybody.

    A section is shown where it has parts.
    """

    name: str
    title: str
    short: str
    parts: Callable[[Results], Sequence[Part]]
    open: bool = False


# fmt: off
SECTIONS = (
    Section("observed", "Forecast and fact", "Forecast and fact", observed_parts, open=True),
    Section("ladder", "What another dollar would buy", "Other budgets", ladder_parts, open=True),
    Section("moving", "What would change the answer", "What would change it", moving_parts, open=True),
    Section("evidence", "What evidence would change the answer", "What to learn", evidence_parts, open=True),
    Section("districts", "District by district", "By district", districts_parts, open=True),
    Section("course", "How use goes on over the years", "Over the years", course_parts, open=True),
    Section("setting", "What was simulated", "What was simulated", setting_parts),
    Section("survey", "Your survey and the simulated agencies", "Your survey", survey_parts),
    Section("differences", "Differences between strategies", "Differences", differences_parts),
    Section("means", "Over pupils, over districts, over positions", "Three means", means_parts),
    Section("areas", "Use in each focal area", "By focal area", areas_parts),
    Section("outcomes", "What the reform was for", "Linked outcomes", outcomes_parts),
    Section("regions", "Region by region, state by state", "By region", regions_parts),
    Section("structures", "Structures of regional agencies, ranked", "Structures", structures_parts),
    Section("lasting", "How long gains last", "How long gains last", lasting_parts),
    Section("capacities", "Six capacities and resources", "Capacities", capacities_parts),
    Section("needs", "What agencies have, say they want, and get", "Existing, desired, built", needs_parts),
    Section("wishes", "What recipients wanted, and got", "Wishes", wishes_parts),
    Section("support", "Help from the agencies above", "Help from above", support_parts),
    Section("multipliers", "Without the factors for shared goals, alignment and resources", "Without three factors", multipliers_parts),
    Section("fairness", "Who gains: gaps between districts", "Equity gaps", fairness_parts),
    Section("chain", "Delivered, received, used", "Delivered and used", chain_parts),
    Section("flow", "Where hours are lost", "Hours lost", flow_parts),
    Section("reach", "Who was served, and who was not", "Who was served", reach_parts),
    Section("leavers", "Who left, helped or not", "Who left", leavers_parts),
    Section("tools", "Tools that travelled", "Tools", tools_parts),
    Section("delivery", "The four delivery questions", "Delivery questions", delivery_parts),
    Section("stocktakes", "Who lags behind targets", "Who lags", stocktakes_parts),
    Section("instruments", "What instruments would have told us", "Instruments", instruments_parts),
    Section("own-instruments", "What instruments of one's own read", "Own instruments", own_instruments_parts),
    Section("cost", "Hours and money", "Hours and money", cost_parts),
    Section("center", "How the center changed, and what it cost", "The center", center_parts),
    Section("plan", "Plan by quarter", "Plan by quarter", plan_parts),
    Section("assumptions", "Which assumptions matter most", "Assumptions", assumptions_parts),
    Section("break-even", "Where the answer would turn", "Where it turns", break_even_parts),
    Section("trust", "Can these numbers be trusted?", "Trust", trust_parts),
    Section("provenance", "Where these numbers come from", "Provenance", provenance_parts),
)
"""Sections below the answer, in order, those that lie open first: to add one, write its parts in a file of this folder
and add its row. A first page answers, some pages say what to know about it, the others are looked up."""
# fmt: on


def write_report(comparison: Comparison, path: str | Path) -> Path:
    """Write the report of a comparison, fresh or read again, as one HTML file that opens without a network; an old file
    is replaced only by a complete new one.
    """
    return write_page(render_report(comparison), path)


def write_page(page: str, path: str | Path) -> Path:
    """Write the text of a page as a file; an old file is replaced only by a complete new one."""
    target = file_to_write(path)
    with whole_file(target) as draft:
        draft.write_text(page, encoding="utf-8", errors="replace", newline="\n")
    return target


def render_report(comparison: Comparison) -> str:
    """The report of a comparison as the text of an HTML page."""
    results = Results(comparison)
    return page_text(
        name=results.scenario.name,
        question=question(results),
        verdict=verdict(results),
        answer=answer_parts(results),
        sections=[(section, parts) for section in SECTIONS if (parts := section.parts(results))],
        reality=results.reality(),
        naming=results.naming(),
        terms=[] if which_plan(comparison)[0] else [_term(results, name) for name in results.contrast],
        version=str(comparison.provenance.get("versions", {}).get("capsim", "")),
    )


def _term(results: Results, name: str) -> tuple[str, str, str]:
    """A strategy as the head of a page explains it: its color, its heading, what it does."""
    return results.styles[name].color, strategy_label(name), described(results, name)["does"]


def page_text(*, version: str = "", **content: Any) -> str:
    """A page in the looks of the report: name, question, verdict, answer, sections, reality, naming, terms."""
    parts = [*content["answer"], *(part for _, own in content["sections"] for part in own)]
    return _template().render(version=version, script=_sliders() if _slides(parts) else "", **content)


def _slides(parts: Sequence[Part]) -> bool:
    return any(isinstance(part, Sliding) or (isinstance(part, Fold) and _slides(part.parts)) for part in parts)


@cache
def _sliders() -> str:
    """The script that moves the sliders."""
    return one_script("report_file")


def _hash(script: str) -> str:
    """By which the page allows this script and no other."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'"


def _facts(part: Sliding) -> str:
    """What a panel knows, as JSON that ends no element."""
    facts = {
        **part._asdict(),
        "sliders": [one._asdict() for one in part.sliders],
        "points": [{"said": one.said, "rows": [row._asdict() for row in one.rows]} for one in part.points],
    }
    return strict_json(facts, indent=None).replace("<", "\\u003c")


@cache
def _template() -> jinja2.Template:
    """The template: whatever it is given loses control characters and is escaped, drawings and style sheets apart."""
    folder = resources.files("capsim.report")
    environment = jinja2.Environment(
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
        finalize=_readable,
    )
    environment.filters["themed"] = themed
    environment.filters.update(facts=_facts, hash=_hash)
    environment.filters["kind"] = lambda part: type(part).__name__.lower()
    environment.globals.update(colors=css_variables(), muted=MUTED, style=(folder / "report.css").read_text("utf-8"))
    return environment.from_string((folder / "report.html.j2").read_text("utf-8"))


def _readable(value: Any) -> Any:
    return clean_text(value) if type(value) is str else value
