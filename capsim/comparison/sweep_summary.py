"""What a finished study says of its plans: over all points of the design, by the value of each factor, and point by
point with verdicts; the best first.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Mapping
from functools import cache, cached_property
from numbers import Real
from typing import Any, NamedTuple

import pandas as pd

from capsim.catalogue import BASELINE, better
from capsim.comparison.asking import help_in_words, outcome_column, strategy_title
from capsim.comparison.statistics import Interval, paired_difference
from capsim.comparison.verdicts import (
    EQUAL,
    FEWEST_FOR_A_VERDICT,
    LARGER,
    NOTHING,
    OPEN,
    TOO_FEW,
    best_of,
    that_matters,
    verdict_of,
)
from capsim.runs.reading import Results

COLUMNS = (
    *("strategy", "points", "best_in", "gain", "lowest_gain", "highest_gain"),
    *("mean_regret", "largest_regret", "at_point", "where"),
)
ORDERS = ("first_ahead", "second_ahead", "equal", "open", "too_few")
"""What the order of two plans comes to at a point."""
MOST_JUDGED = 500
"""Points up to which every pair of plans is judged at each of them."""
_MOST_VALUES, _PARTS = 6, 4
"""Values of a factor that are shown one by one; parts of equal size that more are shown in."""
_WHOLE = "SELECT point, replicate FROM runs WHERE status = 'done' GROUP BY ALL HAVING count(*) = {strategies}"
_MEANS = f"""
WITH whole AS ({_WHOLE})
SELECT point, strategy, avg("{{column}}") AS outcome
FROM runs JOIN whole USING (point, replicate) WHERE status = 'done' GROUP BY ALL ORDER BY point, strategy
"""
_VALUES = f"""
WITH whole AS ({_WHOLE})
SELECT point, replicate, strategy, "{{column}}" AS outcome FROM runs JOIN whole USING (point, replicate)
"""


class JudgedPoints(NamedTuple):
    """Every plan at every point, and every pair of plans over all points.

    Attributes
    ----------
    table : DataFrame
        scenario (the point in words), strategy, rank, gain over no help, low, high, worlds, best_in, regret,
        against_best, ahead: what `Several.table` has, the best plan of a point first.
    orders : DataFrame
        first, second, and at how many points the verdict is first_ahead, second_ahead, equal, open, too_few.
    """

    table: pd.DataFrame
    orders: pd.DataFrame


class StudyPlans:
    """The plans of a finished study. What this needs of the stored runs is read once, when it is asked for.

    Parameters
    ----------
    results : Results
    """

    def __init__(self, results: Results) -> None:
        self.results = results

    @cached_property
    def over_points(self) -> pd.DataFrame:
        """One row for each strategy but no help, the best first; empty with fewer than two of them, or without no help.

        Columns: strategy; points of the design in which some replicate finished with every strategy, and best_in, those
        of them in which the strategy has most; gain over no help in the outcome of the question, mean over points,
        lowest and highest; mean_regret and largest_regret, how far it is behind the best one of a point; at_point and
        where, number and factors of the point where it is most.
        """
        gains, regret = self._gains, self._regret
        if gains.empty:
            return pd.DataFrame(columns=list(COLUMNS))
        first = regret.idxmin(axis=1)
        rows = [
            (
                name,
                len(gains),
                int((first == name).sum()),
                *(float(gains[name].agg(how)) for how in ("mean", "min", "max")),
                *(float(regret[name].agg(how)) for how in ("mean", "max")),
                int(str(regret[name].idxmax())),
                self.places[int(str(regret[name].idxmax()))] if regret[name].max() > 0.0 else "",
            )
            for name in gains
        ]
        found = pd.DataFrame(rows, columns=list(COLUMNS))
        return found.sort_values("mean_regret", kind="stable", ignore_index=True)

    @cached_property
    def by_factor(self) -> pd.DataFrame:
        """Gains of every plan at each value of every factor; of many values, in four parts with as many points.

        Columns: factor, place (of the value, from 0), value in words, strategy, points, gain (mean over these points),
        lowest, highest, best_in (points in which the plan has most).
        """
        gains, rows = self._gains, []
        points = self._points.loc[gains.index] if len(gains) else pd.DataFrame()
        first = self._regret.idxmin(axis=1) if len(gains) else pd.Series()
        for factor in points:
            for place, (value, own) in enumerate(points[factor].groupby(_parts(points[factor]), sort=True)):
                there = gains.loc[own.index]
                label = _shown(value) if own.nunique() == 1 else f"{own.min():.3g} to {own.max():.3g}"
                for name in gains:
                    found = (float(there[name].agg(how)) for how in ("mean", "min", "max"))
                    rows.append((factor, place, label, name, len(own), *found, int((first[own.index] == name).sum())))
        columns = ["factor", "place", "value", "strategy", "points", "gain", "lowest", "highest", "best_in"]
        return pd.DataFrame(rows, columns=columns)

    @cached_property
    def judged(self) -> JudgedPoints:
        """Every plan judged at every point; empty tables of studies of more than `MOST_JUDGED` points."""
        names, column = self._asked
        if not names or len(self.places) > MOST_JUDGED:
            return JudgedPoints(pd.DataFrame(), pd.DataFrame())
        values = self.results.query(_VALUES.format(column=column, strategies=len(names) + 1))
        wide = values.pivot(index=["point", "replicate"], columns="strategy", values="outcome").dropna()
        rows: list[dict[str, Any]] = []
        verdicts: Counter[tuple[str, str, str]] = Counter()
        for point, own in wide.groupby(level="point") if len(wide) else []:
            rows += _judge_point(self.results, names, own, verdicts, where=self.places[int(str(point))])
        orders = [
            {"first": a, "second": b, **{what: verdicts[a, b, what] for what in ORDERS}}
            for a, b in itertools.combinations(names, 2)
        ]
        return JudgedPoints(pd.DataFrame(rows), pd.DataFrame(orders))

    @cached_property
    def places(self) -> dict[int, str]:
        """The values of the factors at each point, in words."""
        return {
            int(str(point)): ", ".join(f"{name} {_shown(value)}" for name, value in row.items())
            for point, row in self._points.to_dict("index").items()
        }

    @property
    def settings(self) -> dict[str, dict[Any, Any]]:
        """The values of the factors at each point, by the point in words."""
        return dict(zip(self.places.values(), self._points.to_dict("records"), strict=True))

    def answer(self) -> str:
        """Which plan is the best over the points, what it loses as one plan for all, and where settled orders turn."""
        if self.over_points.empty:
            return "No plan was compared with another and with no help at any point."
        best: Mapping[Any, Any] = self.over_points.iloc[0].to_dict()
        name = help_in_words(best["strategy"])
        everywhere = best["best_in"] == best["points"]
        where = "at every point" if everywhere else f"at {best['best_in']} of {best['points']} points"
        said = f"{name[:1].upper()}{name[1:]} leaves most {where}"
        if not everywhere:
            said += (
                f", and as one plan for all of them is at most {best['largest_regret']:.3f} behind the best "
                f"(at {best['where']})"
            )
        return f"{said}. {_orders_in_words(self.judged)}".strip()

    @cached_property
    def _known(self) -> pd.Index[str]:
        """Columns of the stored runs."""
        return self.results.query("SELECT * FROM runs LIMIT 0").columns

    @cached_property
    def _asked(self) -> tuple[list[str], str]:
        """The strategies other than no help, and the column of the question; none where they cannot be compared."""
        study = self.results.study
        names = [name for name in study.strategy_names if name != BASELINE]
        column = outcome_column(study.scenario, None)
        comparable = 2 <= len(names) < len(study.strategy_names) and column in self._known
        return (names, column) if comparable else ([], "")

    @cached_property
    def _gains(self) -> pd.DataFrame:
        """Mean gain over no help: a row for each point, a column for each plan."""
        names, column = self._asked
        if not names:
            return pd.DataFrame()
        means = self.results.query(_MEANS.format(column=column, strategies=len(names) + 1))
        table = means.pivot(index="point", columns="strategy", values="outcome")
        return table[names].sub(table[BASELINE], axis=0).dropna() if len(table) else pd.DataFrame()

    @cached_property
    def _regret(self) -> pd.DataFrame:
        """How far each plan is behind the best one of the same point."""
        gains = better(self.results.study.scenario.asked.name) * self._gains
        return gains.rsub(gains.max(axis=1), axis=0)

    @cached_property
    def _points(self) -> pd.DataFrame:
        """The values of the factors at every point."""
        names = [name for name in self.results.study.factors if name in self._known]
        columns = "".join(f', any_value("{name}") AS "{name}"' for name in names)
        return self.results.query(f"SELECT point{columns} FROM runs GROUP BY point ORDER BY point").set_index("point")


def _shown(value: Any) -> str:
    return f"{value:g}" if isinstance(value, Real) else str(value)


def _parts(values: pd.Series[Any]) -> Any:
    """What to group a factor by: its values, or of many numbers the part that each is in."""
    few = values.nunique() <= _MOST_VALUES or values.dtype == object or not pd.api.types.is_numeric_dtype(values)
    return values if few else pd.qcut(values, _PARTS, labels=False, duplicates="drop")


def _judge_point(
    results: Results, names: list[str], own: pd.DataFrame, verdicts: Counter[tuple[str, str, str]], *, where: str
) -> list[dict[str, Any]]:
    """Rows of one point, the best plan first; its verdicts on pairs are counted."""
    asked = results.study.scenario
    sign = better(asked.asked.name)
    drawn = results.study.assumptions != "default"

    @cache
    def interval(first: str, second: str) -> Interval:
        found = paired_difference(own[first].to_numpy(), own[second].to_numpy())
        return Interval(found.mean.estimate, found.spread.low, found.spread.high) if drawn else found.mean

    gains = {name: interval(name, BASELINE) for name in names}
    matters = that_matters(asked.question.matters, (one.estimate for one in gains.values()))

    def judged(first: str, second: str) -> tuple[str, str]:
        verdict = verdict_of((first, second), interval, len(own), matters)
        ahead = first if sign * interval(first, second).estimate > 0.0 else second
        return verdict, ahead if verdict == LARGER else ""

    for first, second in itertools.combinations(names, 2):
        verdict, ahead = judged(first, second)
        kind = {EQUAL: "equal", NOTHING: "equal", OPEN: "open", TOO_FEW: "too_few"}.get(verdict)
        verdicts[first, second, kind or ("first_ahead" if ahead == first else "second_ahead")] += 1
    ranked = sorted(names, key=lambda name: -sign * gains[name].estimate)
    most = best_of(own[names], sign)
    return [
        {
            **{"scenario": where, "strategy": name, "rank": rank, "gain": gains[name].estimate},
            **{"low": gains[name].low, "high": gains[name].high, "worlds": len(own)},
            "best_in": int((most == names.index(name)).sum()),
            "regret": abs(gains[ranked[0]].estimate - gains[name].estimate),
            **dict(zip(("against_best", "ahead"), judged(name, ranked[rank == 1]), strict=True)),
        }
        for rank, name in enumerate(ranked, start=1)
    ]


def _orders_in_words(judged: JudgedPoints) -> str:
    if judged.orders.empty:
        return ""
    if (judged.table["worlds"] < FEWEST_FOR_A_VERDICT).all():
        return f"Verdicts need {FEWEST_FOR_A_VERDICT} worlds at a point; here are fewer."
    turned = judged.orders[(judged.orders["first_ahead"] > 0) & (judged.orders["second_ahead"] > 0)]
    if turned.empty:
        return "Where the order of two plans is settled, it is the same at all such points."
    parts = [
        f"{strategy_title(row['first'])} is ahead of {strategy_title(row['second'])} at {row['first_ahead']} "
        f"point{'s' if row['first_ahead'] != 1 else ''} "
        f"and behind it at {row['second_ahead']}"
        for row in turned.to_dict("records")
    ]
    return f"The order turns: {'; '.join(parts)}."
