"""Parameters of potential and use."""

from capsim.parameters.declaration import declare

__all__ = ["DECLARED"]

# fmt: off
DECLARED = declare("implementation", [
    ("potential_rho", "1", -1.0, (-2, .5), (-10, .95), "uniform", "assumed; swept", "Substitution between people and routines in potential; 1 is perfect substitution."),
    ("baseline_people", "skill", 0.4415, (.35, .50), (.05, .95), "none", "calibrated: baseline mean", "Mean skill at which people and routines have equal marginal product."),
    ("baseline_routine", "routine", 0.2701, (.20, .35), (.05, .95), "none", "calibrated: baseline mean", "Mean routine at which people and routines have equal marginal product."),
    ("goal_weight", "1", .30, (0, .5), (0, 1), "triangular", "assumed; reported also at 0", "Loss of potential when goals are not shared at all."),
    ("alignment_weight", "1", .20, (0, .4), (0, 1), "triangular", "assumed; reported also at 0", "Loss of potential without alignment inside the agency and with its parent."),
    ("access_weight", "1", .20, (0, .4), (0, 1), "triangular", "assumed", "Loss of potential when nobody can reach an expert."),
    ("resource_weight", "1", .20, (0, .4), (0, 1), "triangular", "assumed", "Gain of potential per unit of resource alignment above its base, and loss below it."),
    ("expert_skill", "skill", .60, (.5, .7), (0, 1), "none", "assumed", "Skill from which a person counts as an expert."),
    ("implementation_lag_months", "months", 12, (6, 24), (1, 240), "triangular", "assumed; implementation stages take 2 to 4 years", "Lag of use behind potential."),
    ("abandon_chance", "chance", .5, (.2, .8), (0, 1), "triangular", "assumed; succession hazard of .15-.35 after the two factors", "Chance that a practice without routine and engagement is abandoned when the leader leaves."),
    ("abandon_drop", "share", .70, (.4, .9), (0, 1), "triangular", "assumed", "Share of use lost when a practice is abandoned."),
])
