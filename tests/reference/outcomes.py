"""Outcomes that are linked to use: they follow it in districts, and nothing follows them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from capsim.levels import Level

if TYPE_CHECKING:
    from .agencies import Organization
    from .twin import Twin

__all__ = ["outcomes"]


def outcomes(twin: Twin) -> None:
    """What is linked follows last month's use, district by district."""
    for organization in twin.organizations:
        if organization.level == Level.LEA:
            if linked(organization, "teacher_equity"):
                hire_teachers(twin, organization)
            if linked(organization, "materials"):
                use_materials(twin, organization)
            if linked(organization, "achievement_gap"):
                achieve(twin, organization)


def linked(organization: Organization, outcome: str) -> list[int]:
    """Areas to which an outcome is linked."""
    return [k for k, area in enumerate(organization.areas) if area.linked[outcome] > 0]


def use_for(organization: Organization, outcome: str) -> float:
    """Mean use over these."""
    return sum(area.linked[outcome] * use for area, use in zip(organization.areas, organization.use, strict=True))


def above_usual(twin: Twin, organization: Organization, outcome: str) -> float:
    """0 at usual use, 1 at full use."""
    usual = twin.values["usual_use"]
    return (use_for(organization, outcome) - usual) / (1 - usual)


def hire_teachers(twin: Twin, organization: Organization) -> None:
    """Poor districts have more teachers in their first year, the less the practice of equity is in use."""
    values = twin.values
    gap = values["teacher_gap_start"] * organization.disadvantage
    gap *= 1 - values["teacher_link"] * above_usual(twin, organization, "teacher_equity")
    step = (values["first_year_teachers"] + gap - organization.first_year_teachers) / values["teacher_lag_months"]
    organization.first_year_teachers = min(1.0, max(0.0, organization.first_year_teachers + step))


def use_materials(twin: Twin, organization: Organization) -> None:
    """Teachers take up aligned materials while somebody supports that, and drop them when nobody does."""
    values, areas, now = twin.values, linked(organization, "materials"), organization.materials
    hours = sum(person.practice[area] for person in organization.holders for area in areas)
    organization.backing = organization.backing * 2 / 3 + hours / organization.size
    support = 1 - math.exp(-organization.backing / values["materials_hours"])
    gained = values["materials_rate"] * support * use_for(organization, "materials")
    lost = (1 - (1 - values["materials_annual_loss"]) ** (1 / 12)) * (1 - support)
    now += gained * max(0.0, values["materials_top"] - now) - lost * max(0.0, now - values["materials_start"])
    organization.materials = min(1.0, max(0.0, now))


def achieve(twin: Twin, organization: Organization) -> None:
    """Achievement follows poverty, and use a little."""
    values = twin.values
    aim = values["achievement_link"] * above_usual(twin, organization, "achievement_gap")
    aim -= values["achievement_gap_start"] * organization.disadvantage
    organization.achievement += (aim - organization.achievement) / values["achievement_lag_months"]
