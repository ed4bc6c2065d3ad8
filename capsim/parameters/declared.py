"""Every parameter of the model but those of the activities, declared once, group by group.

A row: name, unit, default, plausible range, allowed range, prior, source (a key of docs/sources.md, or how it was
chosen), meaning.
"""

from __future__ import annotations

from capsim.parameters.declaration import declare

# fmt: off

TURNOVER = declare("turnover and hiring", [
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
"""Parameters of the environment, turnover and hiring."""

LEARNING = declare("learning and routines", [
    ("attention_sharpness", "1", 3.0, (2, 5), (.1, 50), "triangular", "assumed", "How fast attention saturates with the priority given to an area."),
    ("experience_rate", "per month", .03, (.015, .06), (0, 1), "triangular", "assumed", "Share of the gap to the ceiling that practice closes in a month of full attention."),
    ("expertise_floor", "skill", 0.34, (.25, .45), (0, 1), "triangular", "calibrated", "e0: ceiling of skill in an area that gets no attention."),
    ("expertise_gain", "skill", 0.49, (.35, .55), (0, 1), "triangular", "calibrated", "e1: how far attention raises the ceiling."),
    ("disuse_rate", "per month", .06, (.05, .10), (0, 1), "triangular", "S100: half the gain is lost after 6.5 to 13 months without use", "Share of skill lost in a month without any attention."),
    ("onboarding_rate", "per month", .15, (.08, .25), (0, 1), "triangular", "assumed; S114: 20 to 26 weeks to full productivity", "Share of the gap to the routine that a newcomer closes in a month."),
    ("onboarding_months", "months", 12, (6, 18), (0, 60), "none", "assumed; S114", "Length of onboarding."),
    ("socialization_rate", "per month", 0.03, (.01, .06), (0, 1), "triangular", "calibrated", "The same share after onboarding."),
    ("codification_rate", "per month", 0.045, (.02, .10), (0, 1), "triangular", "calibrated", "kappa: share of the gap between codifiable skill and routine that is written down in a month."),
    ("codifiable_share", "share", .80, (.60, .90), (0, 1), "triangular", "assumed; S112: part of knowledge is tacit", "phi: part of skill that can be put into procedures."),
    ("routine_annual_retention", "per year", .96, (.40, .99), (.001, 1), "triangular", "S101-S106 disagree widely (.03 to 1 a year)", "What is left after a year of a routine that everybody enacts."),
    ("unenacted_annual_retention", "per year", 0.33, (.25, .80), (.001, 1), "triangular", "calibrated", "What is left after a year of a routine that nobody enacts, beyond routine_annual_retention."),
    ("consultation_rate", "per month", 0.084, (.04, .20), (0, 1), "triangular", "calibrated", "eta: share of the gap to a fully trusted contact closed by a month's consultation."),
    ("boundary_discount", "ratio", .5, (.25, .75), (0, 1), "triangular", "assumed; S110: knowledge moves within, hardly across, organizations", "Factor on learning from a contact in another agency."),
    ("compliance_share", "share of time", .40, (.30, .50), (0, 1), "triangular", "S38: federal funds pay 41% of SEA salaries; mapping to time assumed", "Share of the time of SEA staff already committed to compliance."),
    ("work_hours_per_month", "hours", 150, (130, 170), (1, 744), "none", "assumed", "Working hours of a person in a month."),
])
"""Parameters of attention, experience, socialization, codification and consultation."""

NETWORKS = declare("priorities and ties", [
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
"""Parameters of priorities, plans and advice ties."""

CLIMATE = declare("climate", [
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
"""Parameters of culture, engagement, data systems, resource alignment and committed time."""

IMPLEMENTATION = declare("implementation", [
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
"""Parameters of potential and use."""

ASSISTANCE = declare("assistance", [
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
"""Parameters of receptivity, co-design, providers, chains of delivery, the TA center and money."""

INSTRUMENTS = declare("instruments", [
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
"""Parameters of the instruments: their noise, their leniency, and what a target asks for."""

AGENCIES = declare("agencies", [
    ("lea_positions_scale", "positions", 5.0, (4, 6), (.1, 1000), "none", "derived from S81, S85: 147,319 positions nationally against 144,986 published", "Officials and coordinators of a district of 1,000 pupils."),
    ("lea_positions_exponent", "1", .8, (.7, .9), (0, 2), "none", "derived from S85, S88", "Exponent of enrolment in thousands."),
    ("lea_positions_minimum", "positions", 2, (1, 3), (1, 100), "none", "assumed", "Smallest central office."),
    ("sea_positions_median", "positions", 350, (200, 500), (1, 100000), "none", "assumed; S84", "Positions of the SEA of the state with median enrolment."),
    ("sea_positions_exponent", "1", .6, (.4, .8), (0, 2), "none", "assumed; gives a log standard deviation of about .7 over states", "Exponent of state enrolment relative to the median state."),
    ("sea_program_share", "share", .45, (.30, .60), (.01, 1), "none", "assumed; K-12 program staff are 30 to 60% of headcount", "Share of SEA positions that work on the program."),
    ("esa_positions_minimum", "positions", 8, (4, 12), (1, 1000), "none", "assumed", "Smallest regional agency."),
    ("esa_positions_share", "share", .10, (.05, .20), (0, 10), "none", "assumed", "Regional positions per position of the districts served."),
    ("pupils_per_school", "pupils", 500, (400, 600), (1, 100000), "none", "assumed", "Pupils of a school where a scenario asks for schools: a district has as many schools as fit its pupils."),
    ("school_positions", "positions", 4, (3, 8), (1, 1000), "none", "assumed; the principal and a leadership team", "Positions of a school that take part in improvement work."),
    ("principal_annual_exit", "per year", .18, (.08, .23), (0, .95), "none", "S66, S70-S72: 8 to 23%, most often 16 to 20%", "Annual chance that the principal of a school leaves the position."),
    ("school_staff_annual_exit", "per year", .16, (.06, .20), (0, .95), "triangular", "assumed; S73, S74: 16% of teachers move or leave in a year", "Annual chance that another member of a school's leadership team leaves the position."),
    ("unit_size", "positions", 11, (8, 15), (2, 1000), "none", "assumed; departments of 8 to 15 positions", "Target size of a unit; an agency with fewer positions than 1.5 times this has one unit."),
    ("initial_routine", "routine", 0.2701, (.20, .35), (0, 1), "none", "calibrated: baseline mean", "Routine before settling."),
    ("initial_ties", "ties", 4, (1, 8), (0, 8), "none", "assumed; S91", "Ties that each person proposes before settling."),
])
"""Parameters of initial worlds: how many positions an agency has and how they are arranged."""
