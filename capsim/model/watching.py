"""What is written down of a run as it goes on, once somebody has asked: who came and left, month by month, and pictures
of chosen agencies. Only reads, so a run that is watched is the same run; what nobody has asked for costs nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray

from capsim.engine.run import Simulation
from capsim.errors import InputError, nearest_name
from capsim.levels import LEVEL_NAMES, ROLE_NAMES
from capsim.model.agents import Organization
from capsim.numbers import shown
from capsim.world import Layout

if TYPE_CHECKING:
    import pandas as pd

_EVENT_COLUMNS = ("month", "kind", "agency", "name", "position", "person", "role", "origin")
_NOBODY = -1


class Watcher(Protocol):
    """Something that looks at a run at the end of each month."""

    def observe(self, run: Simulation) -> None:
        """Write down the month that has just passed."""


class EventLog:
    """Who came, who left and what happened to agencies, from the month on in which it was asked for.

    Attributes
    ----------
    since : int
        Months that had passed by then.
    """

    def __init__(self, run: Simulation) -> None:
        world, self.since = run.world, run.world.month
        self._layout = world.layout
        self._organization = world.layout.organization
        self._end = world.layout.center[0]
        self._rows: list[tuple[int, str, int, int, int, int]] = []
        self._person = world.person.copy()
        self._looking = _applicants(run)

    def __len__(self) -> int:
        return len(self._rows)

    def __repr__(self) -> str:
        return f"<{len(self)} events since month {self.since}>"

    def observe(self, run: Simulation) -> None:
        """Write down who holds another position than a month ago, and dated events that begin or end."""
        month, person = run.world.month, run.world.person
        for one in () if run.events is None or run.values["event_strength"] <= 0.0 else run.events.dated:
            if one.first == month - 1:
                self._rows += [(month, one.event.kind, row, _NOBODY, _NOBODY, -1) for row in one.agencies.tolist()]
            elif one.last == month - 1 and one.event.months is not None:
                kind = f"{one.event.kind}_ends"
                self._rows += [(month, kind, row, _NOBODY, _NOBODY, -1) for row in one.agencies.tolist()]
        changed = np.flatnonzero(self._person[: self._end] != person[: self._end]).tolist()
        left = {int(self._person[i]): int(self._organization[i]) for i in changed if self._person[i] >= 0}
        arrived = {int(person[i]): i for i in changed if person[i] >= 0}
        for i in changed:
            who = int(self._person[i])
            if who >= 0 and not (who in arrived and self._organization[arrived[who]] == self._organization[i]):
                self._rows.append((month, "exit", int(self._organization[i]), i, who, -1))
        for who, i in arrived.items():
            agency, origin = int(self._organization[i]), left.get(who, self._looking.get(who, -1))
            kind = "role_change" if who in left and origin == agency else "arrival"
            self._rows.append((month, kind, agency, i, who, origin))
        self._person, self._looking = person.copy(), _applicants(run)

    def to_frame(self) -> pd.DataFrame:
        """Table of the events so far, in their order.

        Returns
        -------
        DataFrame
            month (from 1); kind: exit, arrival, role_change (another position in the same agency), or that of a dated
            event of the scenario, once for every agency, with ``_ends`` where it lasted; agency (id) and its name;
            position and person, -1 for dated events; role of the position; origin: id of the agency that somebody who
            arrives has left, empty for newcomers.
        """
        import pandas as pd

        ids, names = _texts(self._layout.ids), _texts(self._layout.names)
        roles = _texts(ROLE_NAMES[code] for code in self._layout.role)
        rows = [
            (month, kind, ids[row], names[row], i, who, roles[i], ids[origin])
            for month, kind, row, i, who, origin in self._rows
        ]
        return pd.DataFrame(rows, columns=list(_EVENT_COLUMNS))


class Frames:
    """Pictures of chosen agencies: who holds each position, what they can do and whom they ask, month by month.

    The first shows the moment at which frames were asked for. Positions stay in their place; a vacant one has person
    -1.

    Attributes
    ----------
    areas : tuple of str
        The K focal areas.
    positions : dict of str to (N,) array
        What never changes: position (its number in the model), agency (id), unit, role, liaison.
    """

    def __init__(self, run: Simulation, rows: NDArray[np.int64], every: int) -> None:
        layout = run.world.layout
        self.areas = layout.areas
        self._every, self._since = every, run.world.month
        self._at = np.flatnonzero(np.isin(layout.organization, rows))
        self.positions: dict[str, NDArray[Any]] = {
            "position": self._at,
            "agency": _texts(layout.ids)[layout.organization[self._at]],
            "unit": layout.unit[self._at],
            "role": _texts(ROLE_NAMES)[layout.role[self._at]],
            "liaison": layout.liaison[self._at],
        }
        self._months: list[int] = []
        self._kept: dict[str, list[NDArray[Any]]] = {name: [] for name in _FRAMED}
        self._keep(run)

    def __len__(self) -> int:
        return len(self._months)

    def __repr__(self) -> str:
        return f"<{len(self)} frames of {len(self._at)} positions since month {self._since}>"

    def observe(self, run: Simulation) -> None:
        """Keep the month that has just passed, if it is one of those."""
        if (run.world.month - self._since) % self._every == 0:
            self._keep(run)

    def _keep(self, run: Simulation) -> None:
        self._months.append(run.world.month)
        for name, kept in self._kept.items():
            kept.append(getattr(run.world, name)[self._at])

    @property
    def months(self) -> NDArray[np.int64]:
        """Months that have passed at each frame, (T,)."""
        return np.array(self._months, np.int64)

    def columns(self) -> dict[str, NDArray[Any]]:
        """Everything that changes, one array a column.

        Returns
        -------
        dict of str to array
            person, tenure (months), engagement, recipient_hours (hours of help this month), consulted (slot of the tie
            that was used this month, -1 for none): (T, N); skill: (T, N, K); tie_to (position that is asked, -1 for
            none) and tie_strength: (T, N, M). Positions are those of the whole model, so contacts may be outside the
            agencies chosen.
        """
        return {name: np.array(kept) for name, kept in self._kept.items()}

    def persons(self) -> pd.DataFrame:
        """Who holds what: one row a frame and held position, with skill by area."""
        import pandas as pd

        columns, (months, positions) = self.columns(), self._sides()
        held = columns["person"].ravel() >= 0
        frame = {"month": months, "agency": self.positions["agency"][positions], "position": self._at[positions]}
        for name in ("person", "tenure", "engagement", "recipient_hours"):
            frame[name] = columns[name].ravel()
        skill = columns["skill"].reshape(-1, len(self.areas))
        frame.update({f"skill_{area}": skill[:, k] for k, area in enumerate(self.areas)})
        return pd.DataFrame(frame)[held].reset_index(drop=True)

    def ties(self) -> pd.DataFrame:
        """Who asks whom: one row a frame and tie, from position to contact, and whether it was used this month."""
        import pandas as pd

        columns, (months, positions) = self.columns(), self._sides()
        to = columns["tie_to"].reshape(len(months), -1)
        row, slot = np.nonzero(to >= 0)
        return pd.DataFrame(
            {
                "month": months[row],
                "position": self._at[positions[row]],
                "contact": to[row, slot],
                "strength": columns["tie_strength"].reshape(to.shape)[row, slot],
                "used": columns["consulted"].ravel()[row] == slot,
            }
        )

    def _sides(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Month and place of each row of a table with a row for every frame and position."""
        places = np.arange(len(self._at))
        return np.repeat(self.months, len(places)), np.tile(places, len(self))


_FRAMED = ("person", "tenure", "engagement", "recipient_hours", "skill", "tie_to", "tie_strength", "consulted")


class AgencyHistory:
    """What is recorded of chosen agencies one by one, month by month, from when it was asked for."""

    def __init__(self, run: Simulation, rows: NDArray[np.int64]) -> None:
        self._layout, self._at, self._columns = run.world.layout, rows, run.recorder.columns
        self._months: list[int] = []
        self._kept: list[NDArray[np.float64]] = []

    def __len__(self) -> int:
        return len(self._months)

    def __repr__(self) -> str:
        return f"<{len(self)} months of {len(self._at)} agencies>"

    def observe(self, run: Simulation) -> None:
        """Keep the month that has just passed."""
        self._months.append(run.world.month)
        self._kept.append(run.measured[:, self._at].T.copy())

    def to_frame(self) -> pd.DataFrame:
        """One row a month and agency: month, agency (id), name, level, and every column of `CapacityModel.history`."""
        import pandas as pd

        kept = np.array(self._kept).reshape(-1, len(self._columns))
        levels = [LEVEL_NAMES[code] for code in self._layout.level]
        whose = {"agency": self._layout.ids, "name": self._layout.names, "level": levels}
        frame = pd.DataFrame({name: np.tile(_texts(of)[self._at], len(self)) for name, of in whose.items()})
        frame.insert(0, "month", np.repeat(np.array(self._months, np.int64), len(self._at)))
        return frame.join(pd.DataFrame(kept, columns=list(self._columns)))


def _texts(texts: Iterable[str]) -> NDArray[Any]:
    """Texts by row; at row -1, which is none, an empty one."""
    return np.array([*texts, ""], dtype=object)


def rows_of_agencies(layout: Layout, given: Any) -> NDArray[np.int64]:
    """Rows of the agencies that somebody names, each once: ids, names or handles; one is a list of one, None is all."""
    if given is None:
        return np.arange(layout.agencies)
    chosen = [given] if isinstance(given, str | Organization) else given
    if not isinstance(chosen, Iterable):
        raise InputError(f"agencies: must be names or ids of agencies, got {shown(given)}")
    ids, names = layout.ids[: layout.agencies], layout.names[: layout.agencies]
    rows: dict[int, None] = {}
    for one in chosen:
        if isinstance(one, Organization) and 0 <= one.row < layout.agencies:
            rows[one.row] = None
            continue
        found = [row for row in range(layout.agencies) if one in (ids[row], names[row])]
        if not found:
            near = nearest_name(one, [*names, *ids]) if isinstance(one, str) else ""
            raise InputError(f"agencies: no agency {shown(one)} in this world{near}")
        rows.update(dict.fromkeys(found))
    return np.array(sorted(rows), np.int64)


def _applicants(run: Simulation) -> dict[int, int]:
    """Those who look for a position, and the agency that they have left."""
    pool = run.world.pool
    waiting = int(pool.count[0])
    return dict(zip(pool.person[:waiting].tolist(), pool.origin[:waiting].tolist(), strict=True))
