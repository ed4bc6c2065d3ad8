"""Parameters of culture, engagement, data systems, resource alignment and committed time."""

from capsim.parameters.declaration import declare

__all__ = ["DECLARED"]

# fmt: off
DECLARED = declare("climate", [
    ("culture_rate", "per month", .03, (.015, .06), (0, 1), "triangular", "assumed", "How fast culture relaxes toward its target."),
    ("culture_base", "culture", 0.6, (.50, .70), (0, 1), "triangular", "calibrated", "Culture of an agency in which every influence is at its reference."),
    ("culture_goals", "1", .30, (.1, .5), (0, 2), "triangular", "assumed", "Effect of shared goals, around goals_reference."),
    ("culture_returned", "1", .20, (0, .4), (0, 2), "triangular", "assumed; S97 is mixed", "Effect of returned advice, around returned_reference."),
    ("culture_vacancy", "1", .40, (.1, .8), (0, 2), "triangular", "assumed", "Loss of culture per unit of vacancy share, around vacancy_reference."),
    ("culture_leader_exit", "culture", .10, (0, .2), (0, 1), "triangular", "assumed", "Loss in the year after the leader left."),
    ("culture_overload", "culture", .05, (0, .15), (0, 1), "triangular", "assumed", "Loss per initiative above the limit."),
    ("leader_exit_months", "months", 12, (6, 18), (0, 120), "none", "assumed", "How long a leader's exit is felt."),
    ("engagement_rate", "per month", .10, (.05, .20), (0, 1), "triangular", "assumed", "How fast engagement relaxes toward its target."),
    ("engagement_base", "engagement", .60, (.50, .70), (0, 1), "triangular", "assumed", "Engagement when every influence is at its reference."),
    ("engagement_culture", "1", .40, (.2, .6), (0, 2), "triangular", "assumed", "Effect of culture, around culture_base."),
    ("engagement_fit", "1", .40, (.2, .6), (0, 2), "triangular", "assumed", "Effect of the fit between own priorities and the plan, around fit_reference."),
    ("engagement_overload", "engagement", .05, (0, .15), (0, 1), "triangular", "assumed", "Loss per initiative above the limit."),
    ("data_systems_base", "data_systems", .50, (.35, .65), (0, 1), "triangular", "assumed", "Quality of an agency's data about itself."),
    ("data_systems_rate", "per month", .02, (.01, .04), (0, 1), "none", "assumed", "How fast data systems return to their base."),
    ("resource_alignment_base", "resource_alignment", .5, (.35, .65), (0, 1), "none", "assumed", "How far finances, data systems and personnel follow an agency's plan without help."),
    ("resource_alignment_rate", "per month", .02, (.01, .04), (0, 1), "triangular", "assumed", "How fast resource alignment returns to its base."),
    ("committed_return_rate", "per month", .02, (.01, .05), (0, 1), "triangular", "assumed", "How fast the time committed to compliance returns to its usual share."),
    ("goals_reference", "r_wg", .60, (.45, .75), (0, 1), "none", "baseline pattern of shared goals", "Shared goals at which culture is unaffected."),
    ("returned_reference", "share", .50, (.4, .6), (0, 1), "none", "S69, S91", "Returned share of consulted ties at which culture is unaffected."),
    ("vacancy_reference", "share", .04, (.02, .08), (0, 1), "none", "closed form hT/(1+hT)", "Vacancy share at which culture is unaffected."),
    ("fit_reference", "share", 0.7982, (.6, .9), (0, 1), "none", "calibrated", "Fit of priorities and plan at which engagement is unaffected."),
    ("outside_initiatives", "initiatives", 2, (0, 4), (0, 50), "triangular", "assumed; districts ran 11 reforms in three years (recalled, S80)", "Initiatives of others that an agency works on at any time, on average; they begin and end by chance."),
    ("outside_initiative_months", "months", 18, (6, 36), (1, 600), "triangular", "assumed; succession and policy churn end many within a few years (S65b, S80)", "How long an initiative of others lasts on average."),
    ("initiative_limit", "initiatives", 4, (2, 6), (0, 50), "triangular", "assumed", "Concurrent initiatives an agency can carry without strain."),
    ("culture_effect_sd", "culture", .06, (.03, .12), (0, .5), "none", "assumed", "Standard deviation of the lasting effect of each agency on its culture."),
    ("engagement_effect_sd", "engagement", .05, (.02, .10), (0, .5), "none", "assumed", "The same for engagement."),
    ("data_systems_effect_sd", "data_systems", .10, (.05, .20), (0, .5), "none", "assumed", "The same for data systems."),
])
