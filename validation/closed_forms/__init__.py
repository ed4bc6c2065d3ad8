"""Closed forms: what the engine must do exactly when every other process is removed.

No rule of the model is written a second time here.
"""

from validation.closed_forms.center import center_forms
from validation.closed_forms.hours import hours_forms
from validation.closed_forms.influence import influence_forms
from validation.closed_forms.learning import learning_forms
from validation.closed_forms.outcomes import outcome_forms
from validation.closed_forms.reforms import reform_forms
from validation.closed_forms.resources import resource_forms
from validation.closed_forms.result import ClosedForm
from validation.closed_forms.rules import rule_forms
from validation.closed_forms.support import support_forms
from validation.closed_forms.ties import tie_forms
from validation.closed_forms.tools import tool_forms
from validation.closed_forms.turnover import turnover_forms

__all__ = ["ClosedForm", "run_closed_forms"]


def run_closed_forms(seed: int = 1) -> list[ClosedForm]:
    """Measure the engine against every closed form, one row for each statistic; another seed gives other draws.

    Each experiment takes the engine's own month and removes all processes but those under study (`Month.without`). Rows
    with luck in them pass within `STANDARD_ERRORS` standard errors, the others within rounding.
    """
    return [
        *turnover_forms(seed),
        *center_forms(seed),
        *learning_forms(seed),
        *influence_forms(seed),
        *tie_forms(seed),
        *rule_forms(seed),
        *hours_forms(seed),
        *reform_forms(seed),
        *support_forms(seed),
        *outcome_forms(seed),
        *resource_forms(seed),
        *tool_forms(seed),
    ]
