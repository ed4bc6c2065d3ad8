"""The timeline of a scenario, and its dated events: what happens in a month, and to which agencies. What an event
changes, capsim/engine/events.py says.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Annotated, Any, ClassVar, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray
from pydantic import AfterValidator, BeforeValidator, Field, PlainValidator, model_serializer, model_validator

from capsim.catalogue import EVENT_KINDS, HELP_DURING
from capsim.errors import InputError, NearestNames, nearest_name
from capsim.levels import AGENCY_LEVELS, CENTER, LEVELS
from capsim.scenario.documents import dotted
from capsim.scenario.own import not_an_area
from capsim.scenario.population import AgencyTable
from capsim.scenario.values import (
    AgencyName,
    AnyText,
    Number,
    Once,
    Part,
    Path,
    Problem,
    Share,
    Text,
    Whole,
    field_of,
    items_of,
    one_of,
    whole_or_word,
)

_COMMON = ("kind", "month", "date", "agencies", "levels", "states")
_DATE = re.compile(r"(\d{4})-(\d{2})(-(\d{2}))?")
_SLASHES = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")
_FIRST_CALENDAR_MONTH = 7
_NOBODY = "no such agency in this world (a sample holds some districts only)"


def _date_text(value: object) -> object:
    """A date that YAML has read already, as it is written."""
    return value.isoformat() if isinstance(value, datetime.date) else value


def _good_date(text: str) -> str:
    found = _DATE.fullmatch(text)
    if found is None or not 1 <= int(found[2]) <= 12 or (found[4] and not 1 <= int(found[4]) <= 31):
        with_slashes = _SLASHES.fullmatch(text)  # the month first
        month, day, year = with_slashes.groups() if with_slashes else ("99", "", "")
        hint = f"; write {year}-{int(month):02}-{int(day):02}" if int(month) <= 12 else ""
        raise ValueError(f"must be a month such as 2020-03, or a day such as 2020-03-15; got {text!r}{hint}")
    return text


def _begins_in_july(text: str) -> str:
    if found := _SLASHES.fullmatch(text):
        raise ValueError(f"must be a July such as {found[3]}-07; got {text!r}")
    if text and int(_good_date(text)[5:7]) != _FIRST_CALENDAR_MONTH:
        raise ValueError(f"{text} is no July: the first month of a run is one, so write such as {text[:4]}-07")
    return text


DateText = Annotated[AnyText, BeforeValidator(_date_text), AfterValidator(_good_date)]
Beginning = Annotated[AnyText, BeforeValidator(_date_text), AfterValidator(_begins_in_july)]
"""Calendar month in which assistance begins, a July; "" for none."""


LONGEST_MONTHS = 600

Months = Annotated[Whole, Field(ge=0, le=LONGEST_MONTHS)]
Settling = Annotated[
    int | Literal["auto"],
    PlainValidator(lambda value: whole_or_word(value, word="auto", low=0, high=LONGEST_MONTHS)),
]

DRIFT_PER_YEAR = 0.005
"""Largest yearly change of a baseline pattern in a world that stands still."""
LONGEST_SETTLING = 240
"""Months after which settling "auto" ends, whether a world stands still or not."""


class Timeline(Part):
    """Months without assistance before it, with it, and after it."""

    _said_if_other: ClassVar[tuple[str, ...]] = ("begins",)

    settling: Settling = "auto"  # months; "auto" settles until the baseline stands still
    # months, not both 0
    assistance: Months = 60
    follow_up: Months = 60
    # calendar month in which assistance begins, a July such as 2019-07, so that events can have dates; "" for none
    begins: Beginning = ""

    @model_validator(mode="after")
    def _has_months(self) -> Timeline:
        if self.assistance + self.follow_up == 0:
            raise ValueError("assistance and follow_up are both 0 months; at least one must be 1 or more")
        return self


class Event(Part):
    """Something that happens to some agencies in one month."""

    # a row of `EVENT_KINDS`; it says which of the sizes below belong to it
    kind: Annotated[AnyText, one_of("kind of event", EVENT_KINDS)]
    # from 1, the first month of the run; or `date`, where the timeline begins at a date
    month: Annotated[Whole, Field(ge=1)] | None = None
    date: DateText | None = None  # calendar month or day
    agencies: Once[AgencyName] = ()  # ids or names; without them all, or those of some `levels` and `states`
    # sea, esa, lea, school; codes of states
    levels: Once[Annotated[AnyText, one_of("level", AGENCY_LEVELS)]] = ()
    states: Once[AgencyName] = ()
    months: Annotated[Whole, Field(ge=1, le=600)] | None = None  # how long it lasts
    exits: Annotated[Number, Field(ge=0, le=10)] | None = None  # factor on exit hazards
    # shares: of staff time that it takes; of routines that nobody carries out; below, of the plan that moves to the
    # area, and of positions that cannot be filled
    committed: Share | None = None
    disuse: Share | None = None
    help: Annotated[AnyText, one_of("form of help", HELP_DURING)] | None = None  # what becomes of assistance
    area: Text | None = None  # focal area that a policy puts first
    shift: Share | None = None
    cut: Share | None = None

    @model_validator(mode="before")
    @classmethod
    def _usual_sizes(cls, value: Any) -> Any:
        kind = value.get("kind") if isinstance(value, Mapping) else None
        return {**EVENT_KINDS[kind].defaults, **value} if isinstance(kind, str) and kind in EVENT_KINDS else value

    @model_serializer(mode="plain")
    def _what_is_said(self) -> dict[str, Any]:
        """The keys of the kind, with what was said or is usual."""
        said = {name: getattr(self, name) for name in (*_COMMON, *EVENT_KINDS[self.kind].defaults)}
        return {
            name: list(value) if isinstance(value, tuple) else value
            for name, value in said.items()
            if value is not None and value != ()
        }

    @property
    def title(self) -> str:
        """Its kind in words."""
        return EVENT_KINDS[self.kind].title


def first_month(event: Event, begins: str) -> int:
    """Month of an event, from 0; `begins` is the calendar month of month 0."""
    if event.month is not None:
        return event.month - 1
    return _calendar(str(event.date)) - _calendar(begins)


def _calendar(text: str) -> int:
    return 12 * int(text[:4]) + int(text[5:7])


def problems_of_events(
    parts: Mapping[str, Any], areas: Sequence[str], failed: Collection[Path] = ()
) -> Iterator[Problem]:
    """Yield (path, message) for each event that does not fit the rest of a scenario, validated or as written."""
    events = parts.get("events")
    if not isinstance(events, list | tuple):
        return
    no_calendar = any(one[:2] == ("timeline", "begins") for one in failed)
    for place, event in enumerate(events):
        path: Path = ("events", place)
        kind = EVENT_KINDS.get(field_of(event, "kind")) if isinstance(field_of(event, "kind"), str) else None
        if kind is None:
            continue
        found = list(_problems_of_sizes(event, kind.name, areas))
        if not any(one[:2] == path and one[2:3] in {("month",), ("date",)} for one in failed) and not no_calendar:
            found += _problems_of_time(event, parts.get("timeline"))
        yield from (((*path, key), message) for key, message in found)
        if field_of(event, "agencies") and (field_of(event, "levels") or field_of(event, "states")):
            yield (*path, "agencies"), "name agencies, or levels and states, not both"
        off = field_of(parts.get("month"), "off") or ()
        if kind.name == "leader_leaves" and "turnover" in off:
            yield (*path, "kind"), f"{kind.name} needs the process turnover, which month.off switches off"


def _problems_of_sizes(event: Any, kind: str, areas: Sequence[str]) -> Iterator[tuple[str, str]]:
    defaults = EVENT_KINDS[kind].defaults
    given = event if isinstance(event, Mapping) else {n: getattr(event, n) for n in Event.model_fields}
    for key in given:
        if key in Event.model_fields and key not in _COMMON and key not in defaults and given[key] is not None:
            allowed = ", ".join((*_COMMON, *defaults))
            yield key, f"is no key of {kind}; allowed: {allowed}{nearest_name(key, defaults)}"
    for key, usual in defaults.items():
        if usual is None and given.get(key) is None:
            yield key, f"is missing; {kind} needs one of the focal areas: {', '.join(areas)}"
    area = given.get("area")
    if isinstance(area, str) and areas and "area" in defaults and area not in areas:
        yield "area", not_an_area(area, areas)


def _problems_of_time(event: Any, timeline: Any) -> Iterator[tuple[str, str]]:
    month, date, begins = field_of(event, "month"), field_of(event, "date"), field_of(timeline, "begins") or ""
    if (month is None) == (date is None):
        yield "month", "say when: either month, from 1, or date, such as 2020-03"
        return
    spans = [field_of(timeline, key) for key in ("assistance", "follow_up")]
    if any(isinstance(span, bool) or not isinstance(span, int | None) for span in spans):
        return
    last = sum(60 if span is None else span for span in spans)
    if date is not None and not begins:
        yield (
            "date",
            "a date needs a calendar: write timeline.begins, the month in which assistance begins, such as 2019-07",
        )
        return
    now = month if month is not None else _calendar(str(_date_text(date))) - _calendar(str(_date_text(begins))) + 1
    if isinstance(now, int) and not 1 <= now <= last:
        key, shown = ("month", month) if date is None else ("date", date)
        end = f" ({begins} and {last} months on)" if date is not None else ""
        yield key, f"{shown} is outside the run; it has the months 1 to {last}{end}"


class Names(NamedTuple):
    """Who is in a world, (n,) each."""

    id: NDArray[np.str_]
    name: NDArray[np.str_]
    state: NDArray[np.str_]
    level: NDArray[np.int8]


def agencies_of(
    events: Sequence[Event], table: AgencyTable | Names, members: Mapping[str, tuple[str, ...]] | None = None
) -> list[NDArray[np.int64]]:
    """Rows of a table of agencies that each event is about; names that nobody has and events about nobody are refused.

    `members` are agencies, by id, that were made of others: what happens to one of these happens to them.
    """
    made_of = {old: new for new, olds in (members or {}).items() for old in olds}
    problems: list[Problem] = []
    rows = [_rows_of(event, table, made_of, ("events", place), problems) for place, event in enumerate(events)]
    if problems:
        raise InputError(f"{dotted(path)}: {text}" for path, text in problems)
    return rows


def problems_of_whom(events: Sequence[Any], table: AgencyTable | Names) -> list[Problem]:
    """Agencies and states of events, validated or as written, that are not in a table, and events about nobody."""
    problems: list[Problem] = []
    for place, event in enumerate(events):
        _rows_of(event, table, {}, ("events", place), problems)
    return problems


def _rows_of(
    event: Any, table: AgencyTable | Names, made_of: Mapping[str, str], path: Path, problems: list[Problem]
) -> NDArray[np.int64]:
    agencies, levels, states = (
        [str(one) for one in items_of(field_of(event, key)) if isinstance(one, str | int)]
        for key in ("agencies", "levels", "states")
    )
    if agencies:
        return _rows_named(agencies, table, made_of, (*path, "agencies"), problems)
    known = sorted(set(table.state.astype(str).tolist()))
    for place, state in enumerate(states):
        if state not in known:
            there = f"there are {', '.join(known)}{nearest_name(state, known)}"
            problems.append(((*path, "states", place), f"no agency of {state} in this world; {there}"))
    chosen = np.asarray(table.level) != CENTER
    if states:
        chosen &= np.isin(table.state.astype(str), states)
    if levels:
        chosen &= np.isin(table.level, [LEVELS[name].code for name in levels if name in LEVELS])
    if not chosen.any() and {*states} <= {*known} and {*levels} <= {*AGENCY_LEVELS}:
        problems.append((path, "is about no agency of this world"))
    return np.flatnonzero(chosen)


def _rows_named(
    agencies: Sequence[str], table: AgencyTable | Names, made_of: Mapping[str, str], path: Path, problems: list[Problem]
) -> NDArray[np.int64]:
    ids, names = table.id.astype(str), table.name.astype(str)
    nearest = NearestNames([*ids.tolist(), *names.tolist()])
    found = []
    for place, wanted in enumerate(agencies):
        match = np.flatnonzero(ids == made_of.get(wanted, wanted))
        match = match if len(match) else np.flatnonzero(names == wanted)
        found.append(match)
        if len(match) != 1:
            what = f"{len(match)} agencies have this name; write the id" if len(match) else _NOBODY
            problems.append(((*path, place), f"{what}: {wanted}{nearest(wanted)}"))
    return np.unique(np.concatenate(found))
