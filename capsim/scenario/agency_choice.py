"""Which agencies a scenario asks for, and what must agree for a source to have them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from capsim.scenario.frozen import FrozenMapping
from capsim.scenario.states import NATION, STATE_NAMES, unknown_state
from capsim.scenario.values import Part, PartError, Seed, Text, Whole, each_once

__all__ = ["BUILT_IN_SOURCES", "REGIONAL_STATES", "Agencies", "problems_of_agencies"]

BUILT_IN_SOURCES = ("us_2023_24", "synthetic")
"""Everything else is the path of a CSV."""
MOST_DISTRICTS = 20_000
REGIONAL_STATES: Mapping[str, str] = FrozenMapping({"support_teams": "OH", "escs": "OH", "boces": "NY"})
"""Kinds of regional agency in the packaged table, and the state each belongs to."""


def _zero_if_empty(value: object) -> object:
    return 0 if value is None else value


class Agencies(Part):
    """Which agencies a world holds.

    Parameters
    ----------
    source : str
        ``us_2023_24`` (the packaged table), ``synthetic``, or the path of a CSV of one's own.
    states : tuple of str
        Postal codes; ``("US",)`` is every state of the source.
    regional : tuple of str
        Kinds of regional agency between state and districts: support_teams and escs (Ohio), boces (New York).
    sample : int
        LEAs drawn, stratified by size and state; 0 or omitted takes all.
    sample_seed : int
        Fixes the sample and the draws of a synthetic world.
    schools : bool
        Whether districts have schools below them; how many follows from their pupils.
    edges : str
        Path of an edge list of advice ties between agencies, or "".
    survey : str
        Path of a CSV of what was observed of these agencies, or "".
    districts : int
        Number of districts of a synthetic world, 0 otherwise.
    regions : int
        Regional agencies of a synthetic world; 0 gives none.
    state : str
        Name of the state of a synthetic world.
    """

    source: Text = "us_2023_24"
    states: Annotated[tuple[Text, ...], Field(min_length=1), AfterValidator(each_once)] = (NATION,)
    regional: Annotated[tuple[Literal["support_teams", "escs", "boces"], ...], AfterValidator(each_once)] = ()
    sample: Annotated[Whole, Field(ge=0), BeforeValidator(_zero_if_empty)] = 0
    sample_seed: Seed = 1
    schools: Annotated[bool, Field(strict=True)] = False
    edges: Annotated[str, Field(strict=True)] = ""
    survey: Annotated[str, Field(strict=True)] = ""
    districts: Annotated[Whole, Field(ge=0, le=MOST_DISTRICTS)] = 0
    regions: Annotated[Whole, Field(ge=0, le=1000)] = 0
    state: Text = "SYN"

    @property
    def own_file(self) -> bool:
        """Whether the agencies come from a CSV of the user's."""
        return self.source not in BUILT_IN_SOURCES

    @model_validator(mode="after")
    def _fits_the_source(self) -> Agencies:
        problems = list(problems_of_agencies(dict(self)))
        if problems:
            raise PartError(problems)
        return self


def problems_of_agencies(given: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield (key, message) for each contradiction, passing over faulty values: a file may have other faults.

    Parameters
    ----------
    given : mapping
        Keys of `Agencies`, validated or as written.
    """
    source = given.get("source", "us_2023_24")
    if not isinstance(source, str):
        return
    states = _texts(given.get("states")) or (NATION,)
    kinds = [kind for kind in _texts(given.get("regional")) if kind in REGIONAL_STATES]
    if source == "us_2023_24":
        yield from _problems_of_states(states, kinds)
    elif kinds:
        yield "regional", "only the source us_2023_24 has these; a CSV names its own in the column parent"
    if given.get("schools") is True and source not in BUILT_IN_SOURCES:
        yield "schools", "only built-in sources make schools; a CSV has rows of its own with the level school"
    if source == "synthetic":
        yield from _problems_of_synthetic(given, states)
        if given.get("survey"):
            yield "survey", "invented agencies cannot be observed; take real ones, or a CSV of your own as source"
    else:
        for key, default in (("districts", 0), ("regions", 0), ("state", "SYN")):
            if given.get(key, default) != default:
                yield key, f"belongs to a synthetic source only; the source is {source!r}, so delete this key"


def _texts(value: Any) -> tuple[str, ...]:
    return tuple(item for item in value if isinstance(item, str)) if isinstance(value, list | tuple) else ()


def _problems_of_states(states: tuple[str, ...], kinds: list[str]) -> Iterator[tuple[str, str]]:
    if NATION in states and len(states) > 1:
        yield "states", f"{NATION} already means all states; give it alone"
    for code in states:
        if code not in STATE_NAMES and code != NATION:
            yield "states", unknown_state(code)
    for kind in kinds:
        if REGIONAL_STATES[kind] not in states and NATION not in states:
            yield (
                "regional",
                f"{kind} exist in {REGIONAL_STATES[kind]} only; the states are {', '.join(states)}",
            )


def _problems_of_synthetic(given: Mapping[str, Any], states: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    districts, regions = given.get("districts", 0), given.get("regions", 0)
    if states != (NATION,):
        yield "states", "a synthetic world has one state, named by the key state"
    if districts == 0:
        yield "districts", f"a synthetic world needs a number of districts from 1 to {MOST_DISTRICTS}"
    elif isinstance(districts, int) and isinstance(regions, int) and regions > districts:
        yield "regions", f"{regions} regions need at least as many districts, got {districts}"
