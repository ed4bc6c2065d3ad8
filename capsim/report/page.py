"""The whole page: sections in order, template and style sheet in one file that needs nothing else."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

from capsim.comparison.comparison import Comparison
from capsim.figures.palette import MUTED, css_variables, themed
from capsim.paths import file_to_write, whole_file
from capsim.report.answer import answer_section, question
from capsim.report.assumptions import assumptions_section, break_even_section
from capsim.report.capacities import capacities_section
from capsim.report.chain import chain_section
from capsim.report.contrast import differences_section, multipliers_section
from capsim.report.cost import cost_section
from capsim.report.course import course_section, lasting_section
from capsim.report.delivery import delivery_section
from capsim.report.evidence import evidence_section
from capsim.report.fairness import fairness_section
from capsim.report.instruments import instruments_section
from capsim.report.needs import needs_section
from capsim.report.parts import Section
from capsim.report.plan import plan_section
from capsim.report.results import Results
from capsim.report.setting import setting_section
from capsim.report.soundness import provenance_section, trust_section
from capsim.report.strategies import strategy_row
from capsim.report.survey import survey_section

__all__ = ["render_report", "write_report"]


def write_report(comparison: Comparison, path: str | Path) -> Path:
    """Write the report of a comparison as one HTML file that opens without a network.

    Parameters
    ----------
    comparison : Comparison
        Fresh, or read again from its folder.
    path : str or Path
        File to write; an old one is replaced only by a complete new one.

    Returns
    -------
    Path
        The file.

    Raises
    ------
    OutputError
        If the file cannot be written.
    """
    page = render_report(comparison)
    target = file_to_write(path)
    with whole_file(target) as draft:
        draft.write_text(page, encoding="utf-8", errors="replace", newline="\n")
    return target


def render_report(comparison: Comparison) -> str:
    """The report of a comparison as the text of an HTML page."""
    import jinja2

    results = Results.of(comparison)
    folder = resources.files("capsim.report")
    environment = jinja2.Environment(
        autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=jinja2.StrictUndefined
    )
    environment.filters["themed"] = themed
    template = environment.from_string((folder / "report.html.j2").read_text(encoding="utf-8"))
    answer, *others = _sections(results)
    return template.render(
        name=results.name,
        question=question(results),
        reality=results.reality(),
        naming=results.naming(),
        terms=[strategy_row(results, name) for name in results.contrast],
        answer=answer,
        sections=others,
        colors=css_variables(),
        muted=MUTED,
        style=(folder / "report.css").read_text(encoding="utf-8"),
        version=str(comparison.provenance.get("versions", {}).get("capsim", "")),
    )


def _sections(results: Results) -> list[Section]:
    sections = [
        answer_section(results),
        evidence_section(results),
        setting_section(results),
        survey_section(results),
        course_section(results),
        differences_section(results),
        lasting_section(results),
        capacities_section(results),
        needs_section(results),
        multipliers_section(results),
        fairness_section(results),
        chain_section(results),
        delivery_section(results),
        instruments_section(results),
        cost_section(results),
        plan_section(results),
        assumptions_section(results),
        break_even_section(results),
        trust_section(results),
        provenance_section(results),
    ]
    return [section for section in sections if section is not None]
