"""Pictures from plain tables, one question each; they know nothing of studies."""

from capsim.figures.assumptions import plot_assumptions
from capsim.figures.break_even import plot_break_even
from capsim.figures.canvas import inline_svg, new_axes, new_figure
from capsim.figures.capacities import plot_capacities
from capsim.figures.chain import plot_chain
from capsim.figures.differences import plot_differences, plot_pairs
from capsim.figures.palette import Style, strategy_label, strategy_styles
from capsim.figures.plan import plot_plan
from capsim.figures.status import plot_status
from capsim.figures.trajectories import plot_gains, plot_trajectories

__all__ = [
    "Style",
    "inline_svg",
    "new_axes",
    "new_figure",
    "plot_assumptions",
    "plot_break_even",
    "plot_capacities",
    "plot_chain",
    "plot_differences",
    "plot_gains",
    "plot_pairs",
    "plot_plan",
    "plot_status",
    "plot_trajectories",
    "strategy_label",
    "strategy_styles",
]
