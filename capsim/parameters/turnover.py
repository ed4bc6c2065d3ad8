"""Parameters of the environment, turnover and hiring."""

from capsim.parameters.declaration import declare

__all__ = ["DECLARED"]

# fmt: off
DECLARED = declare("turnover and hiring", [
    ("sea_annual_exit", "per year", .15, (.09, .23), (0, .95), "triangular", "assumed; bounds from state workforce reports S77-S79", "Annual chance that a state education agency's staff member leaves the position."),
    ("sea_chief_annual_exit", "per year", .27, (.15, .40), (0, .95), "triangular", "S75: 29 of 50 chiefs changed in 33 months", "Annual chance that the chief state school officer leaves."),
    ("esa_annual_exit", "per year", .12, (.06, .25), (0, .95), "triangular", "assumed", "Annual chance that a regional agency's staff member leaves the position."),
    ("lea_annual_exit", "per year", .16, (.10, .25), (0, .95), "triangular", "assumed; bounds from S67-S69 (leadership teams 11-21%)", "Annual chance that a district central-office staff member leaves the position."),
    ("superintendent_annual_exit", "per year", .15, (.13, .18), (0, .95), "none", "S63, S66: 14-17% nationally", "Annual chance that a superintendent leaves (district below 25,000 pupils)."),
    ("superintendent_large_annual_exit", "per year", .30, (.17, .34), (0, .95), "triangular", "assumed; S65: 34% a year in California's largest tenth", "Annual chance that a superintendent leaves (25,000 pupils or more)."),
    ("tenure_gradient", "ratio", 1.5, (0, 3), (0, 10), "triangular", "assumed; S77: under 30s leave at twice the average, 64% of leavers served under five years", "Extra hazard of a person on the first day, relative to one of long tenure."),
    ("tenure_scale_months", "months", 36, (18, 60), (1, 240), "triangular", "assumed, with tenure_gradient", "Tenure over which the extra hazard of newcomers falls by 1/e."),
    ("season_amplitude", "ratio", .8, (.4, 1), (0, 1), "triangular", "assumed; school-year calendar, exits peak June to August", "Amplitude of the yearly cycle of exits around its mean of 1."),
    ("exit_culture_slope", "1", 1.0, (0, 2), (0, 5), "triangular", "assumed", "b_c: how strongly a good culture lowers the exit hazard."),
    ("exit_engagement_slope", "1", 1.0, (0, 2), (0, 5), "triangular", "assumed", "b_e: how strongly engagement lowers the exit hazard."),
    ("exit_culture_center", "state", 0.5667, (.40, .80), (0, 1), "none", "calibrated: baseline median", "Culture at which the exit hazard is the declared one."),
    ("exit_engagement_center", "state", 0.5921, (.40, .80), (0, 1), "none", "calibrated: baseline median", "Engagement at which the exit hazard is the declared one."),
    ("exit_normalisation", "ratio", 0.9798, (.9, 1.1), (.5, 2), "none", "calibrated: realised exits equal declared ones at baseline", "Constant factor on all exit hazards."),
    ("turnover_shock_chance", "per year", 0, (0, .1), (0, 1), "none", "scenario choice; off by default", "Annual chance that a turnover shock (as in the pandemic) begins."),
    ("turnover_shock_size", "ratio", 1.45, (1.3, 1.6), (0, 10), "uniform", "S71, S72: exits rose 1.3 to 1.6 times in the pandemic", "Factor on exit hazards during a turnover shock."),
    ("turnover_shock_months", "months", 24, (12, 36), (1, 600), "none", "S71, S72: about two years", "Length of a turnover shock."),
    ("mover_share", "share", .25, (.10, .40), (0, 1), "triangular", "assumed; S70, S73: movers are a third to a half of leaving principals and teachers", "Share of leavers who look for a position in another agency of the state, and chance that a vacancy looks among them first."),
    ("pool_months", "months", 6, (3, 9), (1, 24), "none", "assumed", "How long a mover stays in the applicant pool."),
    ("months_to_fill", "months", 3.0, (2, 5), (1, 60), "triangular", "assumed; vacancies last two to five months", "Mean months to fill a vacant, funded position."),
    ("leader_plan_churn", "chance", .35, (.15, .60), (0, 1), "triangular", "assumed; S80 policy churn at succession", "Chance that the plan is partly redrawn when the agency's leader leaves."),
    ("policy_churn_chance", "per year", .05, (0, .15), (0, 1), "triangular", "assumed; S80", "Annual chance that an agency's plan is partly redrawn from outside."),
    ("plan_churn_share", "share", .5, (.25, .75), (0, 1), "triangular", "assumed", "How much of a plan is replaced when it is redrawn."),
    ("budget_shock_chance", "per year", .03, (0, .08), (0, 1), "triangular", "assumed; S39 cut or level budgets in most states after 2009", "Annual chance that an agency's funding is cut."),
    ("budget_shock_size", "share", .10, (.05, .20), (0, 1), "triangular", "assumed", "Share of funded positions lost in a cut."),
    ("funding_recovery_months", "months", 24, (12, 48), (1, 600), "triangular", "assumed", "Lag with which funding returns to 1."),
    ("newcomer_skill", "skill", .30, (.20, .40), (.01, .99), "triangular", "assumed", "Mean skill of a newcomer in each focal area."),
    ("newcomer_skill_concentration", "1", 6, (3, 12), (.5, 200), "none", "assumed", "Concentration (a + b) of the Beta distribution of newcomer skill."),
    ("disposition_concentration", "1", 0.46, (0.3, 1.5), (.05, 200), "triangular", "assumed; calibrated against shared goals of .45-.75", "Dirichlet concentration per area of lasting professional priorities; 1 is uniform."),
    ("newcomer_engagement", "engagement", .60, (.50, .70), (0, 1), "triangular", "assumed", "Engagement of a person who starts in a position."),
    ("newcomer_tie_strength", "strength", 0.28, (.15, .50), (.01, 1), "none", "calibrated within the range", "Strength of a new tie."),
    ("mover_tie_factor", "ratio", .5, (.25, .75), (.01, 1), "none", "assumed", "Factor on the strength of the ties a mover keeps."),
])
