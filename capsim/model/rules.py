"""Rules for one person as processes of the month: run over its staff in the order of positions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from capsim.engine.month import Month, PersonRule
from capsim.errors import PluginError
from capsim.parameters import Values
from capsim.processes.process import Draws, Numbers, Process
from capsim.world import World

if TYPE_CHECKING:
    from capsim.model.capacity_model import CapacityModel

__all__ = ["bind_month"]


def bind_month(month: Month, model: CapacityModel) -> tuple[Process, ...]:
    """The steps of a month as processes; rules for one person run over the staff of `model`."""
    return tuple(_bind(step, model) if isinstance(step, PersonRule) else step for step in month)


def _bind(rule: PersonRule, model: CapacityModel) -> Process:
    def apply(world: World, numbers: Numbers, values: Values) -> None:
        model.world = world
        model.draws_of_rule = numbers.position[:, 0]
        try:
            for staff in model.staff_in_order():
                try:
                    rule.rule(staff)
                except Exception as error:
                    raise PluginError(
                        f"month: rule {rule.name!r} failed for person {staff.unique_id} "
                        f"in month {world.month}: {type(error).__name__}: {error}"
                    ) from error
        finally:
            model.draws_of_rule = None

    return Process(name=rule.name, reads=(), writes=(), draws=Draws(position=1), apply=apply)
