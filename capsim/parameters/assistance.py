"""Parameters of receptivity, providers, instruments and money."""

from capsim.parameters.declaration import declare

__all__ = ["DECLARED"]

# fmt: off
DECLARED = declare("assistance", [
    ("readiness_reference", "1", .60, (.4, .8), (0, 1), "none", "assumed", "Readiness of an agency whose three factors are at their baseline medians."),
    ("motivation_center", "engagement", 0.5954, (.4, .8), (.01, 1), "none", "calibrated: baseline median", "Mean engagement of a median agency."),
    ("general_capacity_center", "1", 0.6477, (.4, .9), (.01, 1), "none", "calibrated: baseline median", "General capacity (geometric mean of culture, staffing, data systems) of a median agency."),
    ("prerequisite_slope", "1", 8, (4, 16), (0, 100), "triangular", "assumed", "Steepness of the logistic of specific capacity around the prerequisite."),
    ("coherence_gamma", "per initiative", .15, (.05, .30), (0, 5), "triangular", "assumed; RAND finding a (S1)", "Loss of coherence per area or initiative above coherence_limit."),
    ("coherence_limit", "initiatives", 4, (2, 6), (0, 50), "triangular", "assumed", "n0: areas and initiatives an agency can be asked to work on at once without loss."),
    ("provider_quality_sd", "log", .40, (.2, .6), (0, 2), "triangular", "S59: coach heterogeneity 0.2-0.43 SD", "Standard deviation of the logarithm of consultants' quality (mean quality 1)."),
    ("consultant_hours_per_year", "hours", 1500, (1200, 1700), (1, 8784), "none", "assumed", "TA hours that one consultant delivers in a year."),
    ("rubric_noise_sd", "share", .05, (.03, .10), (0, 1), "triangular", "assumed; team consensus of about 5 points (S119)", "Noise of a needs-assessment rubric at perfect data systems; up to twice that without data."),
    ("consultant_rate", "dollars per hour", 150, (100, 250), (0, 10000), "none", "assumed; S17: 2.7 million dollars per center and year", "Cost of a TA hour, travel included."),
    ("staff_rate", "dollars per hour", 60, (40, 80), (0, 10000), "none", "assumed", "Cost of an hour of recipients' time."),
])
