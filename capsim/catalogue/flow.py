"""What becomes of hours of help, in order; the two channels on which they come; how an agency was served."""

STEPS = ("offered", "attended", "met", "ready", "coherent", "clear", "able", "begun", "landed", "used")
CHANNELS = ("direct", "passed_on")
STATUS = {
    "served": "Got hours, and people had time for at least half of them.",
    "saturated": "Got hours, but its people had time for less than half of them.",
    "nobody": "Got hours, but nobody held a position who could take part.",
    "screened_out": "Not ready enough, as the latest screening reads it.",
    "declined": "Less interested than the others, as its staff say in the yearly survey.",
    "not_chosen": "The targeting, the allocation or the strategy's own decision gave its hours to others.",
    "waiting": "Chosen, but no hours or no whole unit were left for it in the month.",
    "outside": "The strategy does not work with agencies of its kind.",
}
REACH = ("agencies", "offered", "landed", "seats", "staff_months")
"""Numbers of the table of those who were served."""
KEPT = ("reading", "truth", "passed")
"""Columns of the records: mean score, mean of the truth, share of agencies at or above the first threshold."""
HELP = ("none", "some", "a_day")
"""How much help a person has had: none, less than `DAY`, a day and more."""
