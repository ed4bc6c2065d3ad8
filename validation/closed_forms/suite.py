"""All closed forms in one list."""

from __future__ import annotations

from validation.closed_forms.influence import influence_forms
from validation.closed_forms.learning import learning_forms
from validation.closed_forms.result import ClosedForm
from validation.closed_forms.ties import tie_forms
from validation.closed_forms.turnover import turnover_forms

__all__ = ["run_closed_forms"]


def run_closed_forms(seed: int = 1) -> list[ClosedForm]:
    """Measure the engine against every closed form.

    Each experiment takes the engine's own month and removes all processes but those under study
    (`Month.without`).

    Parameters
    ----------
    seed : int
        Another seed gives other draws; the expectations stay.

    Returns
    -------
    list of ClosedForm
        One row for each statistic; rows with luck in them pass within `STANDARD_ERRORS` standard errors, the
        others within rounding.
    """
    return [*turnover_forms(seed), *learning_forms(seed), *influence_forms(seed), *tie_forms(seed)]
