"""Parameters of attention, experience, socialization, codification and consultation."""

from capsim.parameters.declaration import declare

__all__ = ["DECLARED"]

# fmt: off
DECLARED = declare("learning and routines", [
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
