"""Closed forms of social influence: DeGroot's consensus, the fixed point of Friedkin and Johnsen (1990).

Without leader and plan the rule reads ``p_i <- p_i + w (s (c p_contact + (1 - c) p_i) + (1 - s) d_i - p_i)``,
the contact m drawn anew every month with chance W_im = strength_im / (sum of strengths). Draws of different
months are independent, so in expectation ``p <- A p + w (1 - s) d`` with
``A = (1 - w) I + w s (c W + (1 - c) I)``.

- s = 1: ``A = (1 - w c) I + w c W``. The mean converges to ``pi' p_0``, pi the left eigenvector of W at 1, at
  the rate ``1 - w c + w c lambda_2(W)``.
- s < 1: the fixed point is ``(I - s V)^-1 (1 - s) d`` with ``V = c W + (1 - c) I``, whatever w is. With
  leader and plan at weights l and q the own weight is 1 - c - l - q for those who have both,
  ``V = c W + l L + (1 - c - l - q) I``, and ``s q plan`` joins ``(1 - s) d``.

Runs are independent agencies of one world with the same network: every agency has its own numbers. Where
each person has one contact nothing is left to luck and the mean is the path itself.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from validation.closed_forms.laboratory import Laboratory
from validation.closed_forms.result import EXACT, STANDARD_ERRORS, ClosedForm, largest_deviation

Matrix = NDArray[np.float64]

RUNS = 2000
_NETWORK = np.array(
    [
        [0.0, 0.9, 0.3, 0.0, 0.0],
        [0.5, 0.0, 0.5, 0.0, 0.0],
        [0.2, 0.4, 0.0, 0.6, 0.0],
        [0.0, 0.0, 0.3, 0.0, 0.7],
        [0.0, 0.1, 0.0, 0.8, 0.0],
    ]
)
"""Strengths of the ties of row to column: connected, and nobody has a single contact."""
_CHAIN = np.array(
    [
        [0.0, 0.0, 0.4, 0.0, 0.0],
        [0.7, 0.0, 0.0, 0.0, 0.0],
        [0.0, 0.2, 0.0, 0.0, 0.0],
        [0.0, 0.0, 0.5, 0.0, 0.0],
        [0.0, 0.0, 0.0, 0.9, 0.0],
    ]
)
"""One contact each: a cycle of three that two others look up to."""
_PRIORITIES = np.array(
    [
        [0.80, 0.15, 0.05],
        [0.10, 0.70, 0.20],
        [0.30, 0.30, 0.40],
        [0.05, 0.05, 0.90],
        [0.50, 0.25, 0.25],
    ]
)
_DISPOSITIONS = np.roll(_PRIORITIES, 2, axis=0)
_PLAN = np.array([0.2, 0.2, 0.6])
_ALONE = {"influence_leader": 0.0, "influence_plan": 0.0, "plan_leader_rate": 0.0, "plan_parent_rate": 0.0}


def _laboratory(purpose: str, seed: int, network: Matrix, runs: int, **parameters: float) -> Laboratory:
    fixed: Mapping[str, float] = {**_ALONE, "influence_rate": 0.5, "influence_contact": 0.6, **parameters}
    n = len(network)
    laboratory = Laboratory(
        purpose,
        seed=seed,
        agencies=runs,
        positions=n,
        processes=("consultation", "priorities"),
        parameters=fixed,
        areas=3,
    )
    world = laboratory.without_ties()
    world.priority[:] = np.tile(_PRIORITIES, (runs, 1))
    world.disposition[:] = np.tile(_DISPOSITIONS, (runs, 1))
    world.plan[:] = _PLAN
    for i in range(n):
        contacts = np.flatnonzero(network[i])
        for slot, contact in enumerate(contacts.tolist()):
            world.tie_to[i::n, slot] = np.arange(runs) * n + contact
            world.tie_strength[i::n, slot] = network[i, contact]
    return laboratory


def _shares(network: Matrix) -> Matrix:
    return np.asarray(network / network.sum(axis=1, keepdims=True))


def _runs(laboratory: Laboratory, n: int) -> Matrix:
    """Priorities, (runs, people, areas)."""
    return laboratory.world.priority.reshape(-1, n, _PRIORITIES.shape[1])


def _mapping(laboratory: Laboratory, network: Matrix) -> Matrix:
    """A of the module's equation at s = 1, without leader and plan."""
    wc = laboratory.values["influence_rate"] * laboratory.values["influence_contact"]
    return np.asarray((1.0 - wc) * np.eye(len(network)) + wc * _shares(network))


def _left_vectors(mapping: Matrix) -> tuple[Matrix, Matrix]:
    """Eigenvalues by falling size and left eigenvectors as rows; the first two are real here."""
    size, vectors = np.linalg.eig(mapping.T)
    order = np.argsort(-np.abs(size))
    return np.real(size[order]), np.real(vectors[:, order].T)


def _degroot_in_expectation(seed: int) -> list[ClosedForm]:
    laboratory = _laboratory("DeGroot", seed, _NETWORK, RUNS, susceptibility=1.0)
    mapping = _mapping(laboratory, _NETWORK)
    size, left = _left_vectors(mapping)
    weights = left[0] / left[0].sum()
    rows = []
    months = 12
    laboratory.advance(months)
    paths = _runs(laboratory, len(_NETWORK))
    expected = np.linalg.matrix_power(mapping, months) @ _PRIORITIES
    rows.append(largest_deviation("DeGroot in expectation", f"priorities after {months} months", paths, expected))
    rows.append(_second_eigenvalue(paths, left[1], float(size[1]), months))
    laboratory.advance(120 - months)
    paths = _runs(laboratory, len(_NETWORK))
    for k in range(2):
        last = paths[:, :, k].mean(axis=1)
        rows.append(
            ClosedForm(
                name="DeGroot in expectation",
                statistic=f"consensus on area {k}, mean of {RUNS} runs",
                expected=float(weights @ _PRIORITIES[:, k]),
                observed=float(last.mean()),
                tolerance=STANDARD_ERRORS * float(last.std(ddof=1)) / math.sqrt(RUNS),
            )
        )
    return rows


def _second_eigenvalue(paths: Matrix, left: Matrix, size: float, months: int) -> ClosedForm:
    """Monthly rate at which the component along the second left eigenvector shrinks."""
    start = float(left @ _PRIORITIES[:, 0])
    component = paths[:, :, 0] @ left / start
    observed = float(component.mean())
    error = float(component.std(ddof=1)) / math.sqrt(len(component))
    rate = observed ** (1.0 / months)
    return ClosedForm(
        name="DeGroot in expectation",
        statistic=f"second eigenvalue, from {months} months of {RUNS} runs",
        expected=size,
        observed=rate,
        tolerance=STANDARD_ERRORS * error * rate / (months * observed),
    )


def _degroot_exactly(seed: int) -> list[ClosedForm]:
    laboratory = _laboratory("DeGroot exactly", seed, _CHAIN, 3, susceptibility=1.0)
    months = 40
    laboratory.advance(months)
    expected = np.linalg.matrix_power(_mapping(laboratory, _CHAIN), months) @ _PRIORITIES
    path = _difference(
        "DeGroot with one contact each", f"priorities after {months} months", _runs(laboratory, 5), expected
    )
    laboratory.advance(400)
    consensus = np.tile(_PRIORITIES[:3].mean(axis=0), (5, 1))
    end = "consensus, the mean of the cycle,"
    return [path, _difference("DeGroot with one contact each", end, _runs(laboratory, 5), consensus)]


def _difference(name: str, statistic: str, observed: Matrix, expected: Matrix) -> ClosedForm:
    return ClosedForm(
        name=name,
        statistic=f"{statistic}: largest difference",
        expected=0.0,
        observed=float(np.abs(observed - expected).max()),
        tolerance=EXACT,
    )


def _fixed_point(laboratory: Laboratory, network: Matrix, *, led: bool) -> Matrix:
    """Solution of the module's equation; with `led` the first person leads the others and the plan counts."""
    values, n = laboratory.values, len(network)
    s, c = values["susceptibility"], values["influence_contact"]
    leader, plan = values["influence_leader"], values["influence_plan"]
    lead = np.zeros((n, n))
    if led:
        lead[1:, 0] = leader
    others = c * _shares(network) + lead
    own = np.diag(1.0 - plan - others.sum(axis=1))
    constant = (1.0 - s) * _DISPOSITIONS + s * plan * _PLAN
    return np.asarray(np.linalg.solve(np.eye(n) - s * (others + own), constant))


def _friedkin_johnsen(seed: int) -> list[ClosedForm]:
    name = "Friedkin-Johnsen fixed point"
    chance = _laboratory(name, seed, _NETWORK, RUNS, susceptibility=0.7)
    chance.advance(120)
    rows = [largest_deviation(name, "in expectation", _runs(chance, 5), _fixed_point(chance, _NETWORK, led=False))]
    sure = _laboratory(f"{name} exactly", seed, _CHAIN, 3, susceptibility=0.7)
    sure.advance(400)
    rows.append(_difference(name, "one contact each", _runs(sure, 5), _fixed_point(sure, _CHAIN, led=False)))
    led = _laboratory(
        f"{name} led",
        seed,
        _CHAIN,
        3,
        susceptibility=0.7,
        influence_contact=0.35,
        influence_leader=0.25,
        influence_plan=0.2,
    )
    led.advance(400)
    rows.append(
        _difference(name, "one contact each, leader and plan", _runs(led, 5), _fixed_point(led, _CHAIN, led=True))
    )
    return rows


def influence_forms(seed: int) -> list[ClosedForm]:
    """Rows for influence on a fixed network."""
    return [*_degroot_in_expectation(seed), *_degroot_exactly(seed), *_friedkin_johnsen(seed)]
