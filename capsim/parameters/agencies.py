"""Parameters of initial worlds: how many positions an agency has and how they are arranged."""

from capsim.parameters.declaration import declare

__all__ = ["DECLARED"]

# fmt: off
DECLARED = declare("agencies", [
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
