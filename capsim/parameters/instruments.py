"""Parameters of the instruments: their noise, their leniency, and what a target asks for."""

from capsim.parameters.declaration import declare

__all__ = ["DECLARED"]

# fmt: off
DECLARED = declare("instruments", [
    ("rubric_noise_sd", "share", .05, (.03, .10), (0, 1), "triangular", "assumed; team consensus of about 5 points (S119)", "Noise of a needs-assessment rubric at perfect data systems; up to twice that without data."),
    ("expert_noise_sd", "share", .03, (.01, .05), (0, 1), "triangular", "assumed", "Noise of an expert's rating of skills and routines, whatever the data systems."),
    ("stocktake_noise_sd", "share", .05, (.03, .10), (0, 1), "triangular", "assumed", "Noise of a stocktake of use at perfect data systems; up to twice that without data."),
    ("stocktake_target", "share", .10, (.03, .30), (0, 1), "triangular", "assumed", "Share of the gap in use, found in the first stocktake, that is to be closed by the end of assistance."),
    ("likert_leniency", "scale points", .45, (.3, .6), (-4, 4), "triangular", "assumed; S19: clients rate about .6 points above experts", "How much people rate themselves above the mark, on a scale from 1 to 5."),
    ("likert_noise_sd", "scale points", .30, (.1, .5), (0, 4), "triangular", "assumed", "Noise of an agency's mean self-rating, on a scale from 1 to 5."),
    ("client_leniency", "scale points", .60, (.4, .8), (-4, 4), "triangular", "derived from S19: clients 3.9 to 4.2, experts about .6 less in each year", "How much clients rate the help they got above what experts rate it, on a scale from 1 to 5."),
    ("rating_half", "1", .6, (.4, 1), (.01, 100), "triangular", "assumed", "Quality of help that an expert rates at the middle of the scale, 3 of 5."),
    ("rating_noise_sd", "scale points", .30, (.1, .5), (0, 4), "triangular", "assumed", "Noise of clients' ratings and of satisfaction."),
])
