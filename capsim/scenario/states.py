"""The 50 states and the District of Columbia: postal codes and names. Territories are left out."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from capsim.errors import nearest_name

NATION = "US"
"""What a scenario writes for all 51."""

_CODES_AND_NAMES = """
AL Alabama,AK Alaska,AZ Arizona,AR Arkansas,CA California,CO Colorado,CT Connecticut,DE Delaware,
DC District of Columbia,FL Florida,GA Georgia,HI Hawaii,ID Idaho,IL Illinois,IN Indiana,IA Iowa,KS Kansas,
KY Kentucky,LA Louisiana,ME Maine,MD Maryland,MA Massachusetts,MI Michigan,MN Minnesota,MS Mississippi,
MO Missouri,MT Montana,NE Nebraska,NV Nevada,NH New Hampshire,NJ New Jersey,NM New Mexico,NY New York,
NC North Carolina,ND North Dakota,OH Ohio,OK Oklahoma,OR Oregon,PA Pennsylvania,RI Rhode Island,
SC South Carolina,SD South Dakota,TN Tennessee,TX Texas,UT Utah,VT Vermont,VA Virginia,WA Washington,
WV West Virginia,WI Wisconsin,WY Wyoming
"""

STATE_NAMES: Mapping[str, str] = MappingProxyType(
    dict(sorted((part[:2], part[3:]) for part in _CODES_AND_NAMES.replace("\n", "").split(",")))
)
"""Name of each state by its postal code, in the order of the codes."""
REGIONAL_STATES: Mapping[str, str] = MappingProxyType({"support_teams": "OH", "escs": "OH", "boces": "NY"})
"""Kinds of regional agency in the packaged table, and the state each belongs to."""


def unknown_state(code: str) -> str:
    """Say that a state code is unknown, which ones there are, and which is nearest."""
    by_name = {name.lower(): known for known, name in STATE_NAMES.items()}
    if code.lower() in by_name:
        nearest = f"; did you mean {by_name[code.lower()]}?"
    elif code.upper() in STATE_NAMES:
        nearest = f"; did you mean {code.upper()}?"
    else:
        nearest = nearest_name(code.upper(), STATE_NAMES)
    known = ", ".join(STATE_NAMES)
    return f"no agencies of {code!r}; the states available are {NATION} (all) or {known}{nearest}"
