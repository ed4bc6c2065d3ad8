"""Closed forms: what the engine must do exactly when every other process is removed.

No rule of the model is written a second time here.
"""

from validation.closed_forms.result import ClosedForm
from validation.closed_forms.suite import run_closed_forms

__all__ = ["ClosedForm", "run_closed_forms"]
