"""Parameters of priorities, plans and advice ties."""

from capsim.parameters.declaration import declare

__all__ = ["DECLARED"]

# fmt: off
DECLARED = declare("priorities and ties", [
    ("influence_rate", "per month", .15, (.08, .30), (0, 1), "triangular", "assumed", "w: how fast priorities move toward their social target."),
    ("susceptibility", "share", 0.64, (.4, .8), (0, 1), "triangular", "calibrated within the range; assumed; Friedkin and Johnsen 1990", "s: weight of others against one's own lasting disposition."),
    ("influence_contact", "share", .35, (.2, .5), (0, 1), "triangular", "assumed", "Weight of the consulted contact among social influences."),
    ("influence_leader", "share", .20, (.1, .3), (0, 1), "triangular", "assumed", "Weight of the agency's leader among social influences."),
    ("influence_plan", "share", .30, (.15, .45), (0, 1), "triangular", "assumed", "Weight of the agency's plan; what is left of 1 is the person's present priorities."),
    ("plan_leader_rate", "per month", .03, (.01, .06), (0, 1), "triangular", "assumed", "How fast a plan moves toward the mean priorities of the leaders."),
    ("plan_parent_rate", "per month", .02, (.005, .05), (0, 1), "triangular", "assumed", "How fast a plan moves toward the plan of the parent agency."),
    ("tie_annual_survival", "per year", 0.81, (.65, .90), (.5, 1), "triangular", "calibrated within the range; assumed; S69: year-to-year QAP correlation of .81 and more", "Chance that a tie of mean strength which is not returned outlives a year when nobody leaves."),
    ("returned_lapse_factor", "ratio", 0.77, (.25, 1), (0, 1), "triangular", "calibrated within the range; assumed; S69: reciprocity effect 1.5", "Factor on the chance that a returned tie lapses."),
    ("strength_lapse_slope", "1", 1.0, (0, 1.5), (0, 2), "triangular", "assumed", "How much less often strong ties lapse: factor 1 + slope (1/2 - strength)."),
    ("tie_use_gain", "per month", 0.17, (.05, .20), (0, 1), "triangular", "calibrated", "Share of the gap to 1 that a tie gains in a month in which it is used."),
    ("tie_fade", "per month", 0.014, (.01, .04), (0, .95), "triangular", "calibrated", "Share of its strength that a tie loses in a month in which it is not used."),
    ("proposal_chance", "per month", 0.12, (.06, .30), (0, 1), "triangular", "calibrated", "Chance that a person with a free slot proposes a tie."),
    ("proposal_closure", "share", 0.4, (.2, .6), (0, 1), "triangular", "calibrated within the range; assumed; S69 closure", "Share of proposals to a contact of a contact."),
    ("proposal_unit", "share", 0.35, (.3, .6), (0, 1), "triangular", "calibrated within the range; assumed; S69, S93 same location", "Share of proposals to a colleague of the own unit."),
    ("proposal_expert", "share", .15, (.05, .25), (0, 1), "triangular", "assumed; S94 expertise raises centrality", "Share of proposals to the best of three random colleagues; the rest goes to anybody in the agency."),
    ("liaison_chance", "per month", 0.22, (.04, .25), (0, 1), "triangular", "calibrated within the range; assumed; 1 to 3 named liaisons per district", "Chance that a liaison with a free slot looks outside the agency instead."),
    ("reciprocation", "chance", 0.52, (.4, .6), (0, 1), "triangular", "calibrated within the range; S69, S91: reciprocity about one half", "Chance that a proposed tie is returned at once."),
    ("frequent_strength", "strength", 0.23, (.2, .5), (0, 1), "none", "calibrated: a threshold of measurement, chosen with the ties so that density meets its band", "Strength from which a tie counts as frequent (every two weeks)."),
])
