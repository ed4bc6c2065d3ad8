"""Parameters of receptivity, co-design, providers, chains of delivery, the TA center and money."""

from capsim.parameters.declaration import declare

__all__ = ["DECLARED"]

# fmt: off
DECLARED = declare("assistance", [
    ("readiness_reference", "1", .60, (.4, .8), (0, 1), "none", "assumed", "Readiness of an agency whose three factors are at their baseline medians."),
    ("motivation_center", "engagement", 0.5921, (.4, .8), (.01, 1), "none", "calibrated: baseline median", "Mean engagement of a median agency."),
    ("general_capacity_center", "1", 0.6466, (.4, .9), (.01, 1), "none", "calibrated: baseline median", "General capacity (geometric mean of culture, staffing, data systems) of a median agency."),
    ("prerequisite_slope", "1", 8, (4, 16), (0, 100), "triangular", "assumed", "Steepness of the logistic of specific capacity around the prerequisite."),
    ("coherence_gamma", "per initiative", .15, (.05, .30), (0, 5), "triangular", "assumed; RAND finding a (S1)", "Loss of coherence per area or initiative above coherence_limit."),
    ("coherence_limit", "initiatives", 4, (2, 6), (0, 50), "triangular", "assumed", "n0: areas and initiatives an agency can be asked to work on at once without loss."),
    ("provider_quality_sd", "log", .40, (.2, .6), (0, 2), "triangular", "S59: coach heterogeneity 0.2-0.43 SD", "Standard deviation of the logarithm of consultants' quality (mean quality 1)."),
    ("planning_months", "months", 6, (3, 12), (0, 600), "none", "assumed", "Length of the planning phase at the beginning of assistance."),
    ("codesign_share", "share", .10, (.05, .20), (0, 1), "none", "assumed", "Share of the month's TA hours that co-design takes while it lasts."),
    ("codesign_noise_factor", "ratio", .5, (.3, 1), (0, 1), "triangular", "assumed; S1: co-design gave input", "Factor on the noise of assessments in an agency that had one whole unit of co-design."),
    ("codesign_clarity_loss", "share", .15, (0, .40), (0, 1), "triangular", "assumed; S1: limited clarity for recipients; 0 is a supported value", "zeta: loss of clarity while co-design goes on after the planning phase."),
    ("caseload_limit", "agencies", 25, (15, 30), (1, 10000), "triangular", "assumed; 15 to 30 agencies a consultant in targeted work", "Agencies that a consultant serves in a month without loss of quality."),
    ("caseload_loss", "1", .25, (0, .5), (0, 5), "triangular", "assumed", "Exponent of the loss of quality above caseload_limit."),
    ("provider_pool", "consultants", 10, (5, 20), (1, 10000), "triangular", "assumed", "Consultants that can be hired at full quality."),
    ("provider_growth_loss", "1", .15, (0, .30), (0, 5), "triangular", "assumed; S57: large programs about half as effective", "Exponent of the loss of quality of consultants hired beyond provider_pool."),
    ("participation_limit", "share", .25, (.10, .50), (.01, 1), "triangular", "assumed", "Share of work hours that a person can give to TA in a month."),
    ("turnkey_ratio", "ratio", 3, (1, 6), (0, 100), "triangular", "assumed; S14: teams pass on to about 19 districts each", "Hours that an agency passes on for each TA hour it receives in a cascade."),
    ("turnkey_time_share", "share", .30, (.1, .5), (0, 1), "triangular", "assumed", "Share of free staff time that an agency can spend on passing on."),
    ("turnkey_fidelity", "share", .8, (.5, 1), (0, 1), "triangular", "assumed", "Quality that is left after each step of a cascade when those who pass on are experts."),
    ("group_agencies", "agencies", 6, (3, 12), (1, 1000), "none", "S6: teams from up to six agencies", "Agencies in a peer collaborative, working group or joint call."),
    ("brokered_tie_strength", "strength", .5, (.3, .7), (.01, 1), "triangular", "assumed", "Strength of a tie that an activity makes."),
    ("center_experts", "people", 10, (5, 20), (0, 1000), "none", "assumed", "Experts of the TA center, there from the first to the last month of assistance."),
    ("center_expert_skill", "skill", .85, (.75, .95), (0, 1), "triangular", "assumed", "Skill of a center expert in the own area."),
    ("center_other_skill", "skill", .45, (.35, .55), (0, 1), "triangular", "assumed", "Skill of a center expert in the other areas."),
    ("equity_weight", "ratio", 3, (1, 5), (0, 1000), "none", "a policy choice", "Hours of a sparse agency or one under 1,000 pupils, relative to others, in equity targeting."),
    ("consultant_hours_per_year", "hours", 1500, (1200, 1700), (1, 8784), "none", "assumed", "TA hours that one consultant delivers in a year."),
    ("consultant_rate", "dollars per hour", 150, (100, 250), (0, 10000), "none", "assumed; S17: 2.7 million dollars per center and year", "Cost of a TA hour; travel, venues and print are in <activity>_dollars."),
    ("staff_rate", "dollars per hour", 60, (40, 80), (0, 10000), "none", "assumed", "Cost of an hour of recipients' time."),
])
