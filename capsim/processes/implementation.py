"""Implementation: use of the practices follows potential with a lag; leaders who leave take practices with them.

``use_jk += iota (q_jk - use_jk)``, ``iota = 1 - exp(-1 / implementation_lag_months)``, with potential q of
measures/capacities.py. Its weight of people, ``alpha = r / (1 + r)`` with
``r = (baseline_people / baseline_routine)^(1 - rho)``, makes the marginal products of people and routines equal at the
baseline, whatever rho is. ``use_unmultiplied`` follows potential without the factors for goals and alignment; nothing
reads either of them, so both come from one run.

In an agency whose leader left this month each area is then abandoned, ``use *= 1 - abandon_drop``, if
``u_k < abandon_chance (1 - routine_jk) (1 - mean engagement of holders)`` (engagement 0 without holders).

Source: assumed, with implementation stages of 2 to 4 years in mind; S65b and S80 on succession.
"""

from __future__ import annotations

from capsim.kernels import kernel
from capsim.measures.organizations import current_potential
from capsim.parameters import Values
from capsim.processes.process import Draws, Numbers, Process
from capsim.units import rate_from_lag
from capsim.world import World

__all__ = ["IMPLEMENTATION"]


@kernel
def _follow(
    numbers, first, person, engagement, routine, leader_left, full, plain, use, use_unmultiplied, iota, chance, drop
):
    O, K = use.shape
    for j in range(O):
        commitment = 0.0
        if leader_left[j]:
            holders = 0
            for i in range(first[j], first[j + 1]):
                if person[i] >= 0:
                    holders += 1
                    commitment += engagement[i]
            commitment = commitment / holders if holders > 0 else 0.0
        for k in range(K):
            use[j, k] += iota * (full[j, k] - use[j, k])
            use_unmultiplied[j, k] += iota * (plain[j, k] - use_unmultiplied[j, k])
            if leader_left[j] and numbers[j, k] < chance * (1.0 - routine[j, k]) * (1.0 - commitment):
                use[j, k] *= 1.0 - drop
                use_unmultiplied[j, k] *= 1.0 - drop


def _apply(world: World, numbers: Numbers, values: Values) -> None:
    full, plain = current_potential(world, values)
    _follow(
        numbers.organization,
        world.layout.first,
        world.person,
        world.engagement,
        world.routine,
        world.leader_left,
        full,
        plain,
        world.use,
        world.use_unmultiplied,
        rate_from_lag(values["implementation_lag_months"]),
        values["abandon_chance"],
        values["abandon_drop"],
    )


IMPLEMENTATION = Process(
    name="implementation",
    reads=(
        "person",
        "skill",
        "priority",
        "engagement",
        "tie_to",
        "routine",
        "resource_alignment",
        "leader_left",
        "use",
        "use_unmultiplied",
    ),
    writes=("use", "use_unmultiplied"),
    draws=Draws(area=1),
    apply=_apply,
)
