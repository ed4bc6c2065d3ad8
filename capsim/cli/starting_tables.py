"""Texts of the tables that `capsim new` writes, and of the pages that explain their columns."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

__all__ = ["AGENCIES", "AGENCIES_EXPLAINED", "SURVEY", "SURVEY_EXPLAINED", "survey_rows"]

AGENCIES = """\
id,name,state,level,enrollment,parent,positions,lat,lon,land_km2,weight
STATE,State education agency,Example,sea,,,,,,,
REGION,Regional service agency,Example,esa,,STATE,,,,,
NORTH,North district,Example,lea,900,REGION,,40.5,-83.0,400,
SOUTH,South district,Example,lea,6500,REGION,,39.5,-83.0,90,
WEST,West district,Example,lea,2400,REGION,7,39.9,-83.6,150,
"""

AGENCIES_EXPLAINED = """\
{file}: one row for each agency. Replace the examples with your own; five or five thousand rows will do.
Save it as CSV with commas (UTF-8), not as a spreadsheet. A blank cell means: not known.

Columns that every row needs
  id          any text, each once: a state's number, an NCES LEAID, or a short name
  name        as it should be shown
  state       agencies of one state share a labour market
  level       sea     state education agency
              esa     regional or service agency
              lea     district
              school  below a district; leave schools out unless you need them
  enrollment  pupils, a number from 0; may be blank for sea and esa (the sum of their districts is taken)

Columns that may be left out or blank
  parent      id of the agency above; a blank one means the sea of the state, if there is exactly one
  positions   people who work on improvement: central office, not teachers; a formula by pupils without it
  lat, lon    place, in degrees
  land_km2    area, from which sparse districts are found
  weight      how many agencies the row stands for, if it is one of a sample

In a scenario file, below agencies:
  source: {file}

Check it with   capsim check SCENARIO.yaml   : every problem is shown at once, with its line.
To say what you observed in these agencies:   capsim new survey {stem}
"""

SURVEY = """\
agency,area,skill_rubric,routine_rubric,skill_likert,culture_likert,engagement_likert,priority_percent,data_systems_rubric,n,notes
NORTH,,,,3.4,3.1,3.6,,40,4,the row without an area speaks of all areas together
NORTH,equity,35,20,,,,50,,,
NORTH,integration,45,25,,,,30,,,
NORTH,data_use,40,30,,,,20,,,
SOUTH,,50,35,,3.8,3.3,,60,14,one rubric for all areas
WEST,,,,3.9,,4.1,,,6,blank cells were not observed
WEST,equity,,15,,,,,,,
"""

SURVEY_EXPLAINED = """\
{file}: what you observed of your agencies. Replace the examples with your own; leave blank what was not observed.
Save it as CSV with commas and decimal points (UTF-8), not as a spreadsheet.

Rows
  one row for an agency, with a blank area, for what concerns the whole agency or all areas together;
  and, where you know more, one row for each focal area. Agencies without rows are simulated as usual.

Columns
  agency               id of the agency, as in the table of agencies (or its LEAID); always needed
  area                 a focal area of the scenario, spelled as there; blank for all areas together
  skill_rubric         0 to 100 percent. What a team of raters agreed on with a rubric: points reached of points
                       possible. A vacant position counts as nobody's skill.
  routine_rubric       0 to 100 percent, likewise: are there procedures, tools and roles, and are they followed?
  skill_likert         1 to 5. Mean of what staff say of their own skills. Beside a rubric it is only compared.
  culture_likert       1 to 5. Trust, a habit of learning, safety to speak up; mean of staff, whole agency.
  engagement_likert    1 to 5. How much staff want to take part in improvement; mean of staff, whole agency.
  priority_percent     0 to 100 percent of staff's attention, by area; the areas of an agency sum to 100.
  data_systems_rubric  0 to 100 percent. Quality of the agency's data about itself; whole agency.
  n                    how many people answered; shown in the report, changes no number
  name, notes          for you; passed over

Units
  45 means 45 percent; 0.45 is refused, because it could be a share. A scale that does not run from 1 to 5 must be
  turned into one: for a scale from 1 to 7, answer = 1 + (yours - 1) * 4 / 6.
  People rate themselves leniently. capsim takes likert_leniency points (capsim list parameters) off every 1-to-5
  answer before it uses it; set that parameter to 0 if your figures are corrected already.

What happens
  Every simulated world settles as usual and is then moved to what was observed. The report shows, agency by agency,
  your answer, what the same question reads in the simulated agency, and how far the agency would drift in a year
  without assistance. Some of it drifts: the model has no lasting cause for one agency's skills and routines.

In a scenario file, below agencies:
  survey: {file}

Check it with   capsim check SCENARIO.yaml   : every problem is shown at once, with its line.
"""

_ANSWERS = SURVEY.splitlines()[0].split(",")[2:]


def survey_rows(agencies: Sequence[tuple[str, str]], areas: Sequence[str]) -> str:
    """A survey to be filled in: blank rows for agencies (id, name), and for each of their focal areas."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["agency", "name", "area", *_ANSWERS])
    blank = [""] * len(_ANSWERS)
    for identity, name in agencies:
        writer.writerows([identity, name, area, *blank] for area in ("", *areas))
    return text.getvalue()
