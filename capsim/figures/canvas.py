"""Axes in the house style, made without any global state of matplotlib, and figures as SVG text."""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Sequence
from typing import IO, TYPE_CHECKING, Any, Literal
from xml.sax.saxutils import escape

from capsim.figures.palette import FRAME, GRID, INK, MUTED, clean_text, themed, wrap_label

if TYPE_CHECKING:
    from pathlib import Path

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

TEXT, SMALL = 9.0, 8.0
"""Font sizes in points."""

PAGE_WIDTH = 4.2
"""Inches of a figure on a page: one drawing whose text can be read on a phone and beside its caption on a wide page."""

_RC: Any = {"svg.fonttype": "none", "svg.hashsalt": "capsim", "text.usetex": False}


def new_figure(width: float = 7.6, height: float = 4.2) -> Figure:
    """Figure of its own, in inches, that no global list knows; as large as asked, the axes fitted into it."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width, height), layout="constrained", facecolor="white")
    FigureCanvasAgg(figure)
    return figure


def new_axes(width: float = 7.6, height: float = 4.2) -> Axes:
    """Axes in a figure of their own."""
    return new_figure(width, height).add_subplot()


def begin_axes(ax: Axes | None, height: float, *, grid: str = "y") -> Axes:
    """The given axes, or those of a figure of its own of this height, in the house style."""
    ax = new_axes(height=height) if ax is None else ax
    style_axes(ax, grid=grid)
    return ax


def style_axes(ax: Axes, *, grid: str = "y") -> None:
    """Quiet frame, light grid along one axis, text in ink."""
    for side in ("top", "right", "left" if grid == "y" else "top"):
        ax.spines[side].set_visible(False)
    for spine in ax.spines.values():
        spine.set_color(FRAME)
        spine.set_linewidth(0.8)
    ax.set_axisbelow(True)
    ax.grid(visible=True, axis=grid, color=GRID, linewidth=0.8)  # type: ignore[arg-type]
    ax.tick_params(labelsize=TEXT, labelcolor=INK, color=FRAME, length=3)
    for label in (ax.xaxis.label, ax.yaxis.label):
        label.set_fontsize(TEXT)
        label.set_color(MUTED)
        label.set_parse_math(False)


def bare_axes(ax: Axes | None, height: float) -> Axes:
    """The given axes, or those of a figure of its own of this height, without a frame or ticks."""
    ax = new_axes(height=height) if ax is None else ax
    for spine in ax.spines.values():
        spine.set_visible(False)
    ax.set_xticks([])
    ax.set_yticks([])
    return ax


def name_rows(
    ax: Axes, names: Sequence[str], heights: Sequence[float] = (), *, below: float = 0.6, above: float = 0.6
) -> None:
    """One row for each name, the first on top, with some room above and below."""
    heights = heights or range(len(names))
    ax.set_yticks(heights)
    ax.set_yticklabels(names, color=INK, parse_math=False)
    ax.tick_params(axis="y", length=0)
    ax.set_ylim(max(heights, default=0.0) + below, -above)


def name_values(ax: Axes, label: str) -> None:
    """What the values along a horizontal axis are, in small letters."""
    ax.set_xlabel(label, fontsize=SMALL, color=MUTED, parse_math=False)
    ax.tick_params(axis="x", labelsize=SMALL)


def write(ax: Axes, x: float, y: float, text: str, **options: Any) -> Any:
    """Text that is never read as mathematics, whatever a user wrote."""
    return ax.text(x, y, clean_text(text), parse_math=False, **{"fontsize": TEXT, "color": INK, **options})


def write_heading(ax: Axes, text: str, **options: Any) -> None:
    """A heading above the plot, if there is one."""
    if text:
        write(ax, 0.0, 1.03, text, transform=ax.transAxes, fontweight="bold", ha="left", va="bottom", **options)


def add_legend(ax: Axes, place: Literal["best", "lower right"] = "best") -> None:
    """A small legend without a frame, in ink."""
    ax.legend(frameon=False, fontsize=SMALL, loc=place, labelcolor=INK)


def figure_inches(ax: Axes) -> tuple[float, float]:
    """Width and height of the whole figure that axes stand in."""
    figure = ax.get_figure(root=True)
    assert figure is not None
    width, height = figure.get_size_inches()
    return float(width), float(height)


def spread_apart(wanted: Sequence[float], heights: Sequence[float], low: float, high: float) -> list[float]:
    """Centres as near to the wanted ones as possible, in their order, so that boxes of these heights do not overlap.

    When the boxes do not fit between `low` and `high` they overlap evenly.
    """
    order = sorted(range(len(wanted)), key=lambda n: wanted[n])
    squeeze = min(1.0, (high - low) / max(sum(heights), 1e-9))
    sizes = [heights[n] * squeeze for n in order]
    placed: list[float] = []
    floor = low
    for size, n in zip(sizes, order, strict=True):
        placed.append(max(wanted[n], floor + size / 2))
        floor = placed[-1] + size / 2
    ceiling = high
    for place in range(len(placed) - 1, -1, -1):
        placed[place] = min(placed[place], ceiling - sizes[place] / 2)
        ceiling = placed[place] - sizes[place] / 2
    return [placed[order.index(n)] for n in range(len(wanted))]


def label_ends(ax: Axes, ends: Sequence[tuple[float, float, str, str]]) -> None:
    """Write labels right of the axes, each beside the end (x, y, label, color) of its line and none over another.

    The limits of the axes must be set; the room right of them is made by the figure's layout.
    """
    low, high = ax.get_ylim()
    right = ax.get_xlim()[1]
    points = figure_inches(ax)[1] * ax.get_position().height * 72.0
    labels = [wrap_label(label, 13) for _, _, label, _ in ends]
    heights = [(SMALL if len(ends) > 8 else TEXT) * 1.3 * (1 + text.count("\n")) / points for text in labels]
    centres = spread_apart([(y - low) / (high - low) for _, y, _, _ in ends], heights, 0.0, 1.0)
    for (x, y, _, color), text, centre in zip(ends, labels, centres, strict=True):
        at = low + centre * (high - low)
        ax.plot([x, 1.012 * right], [y, at], color=color, linewidth=0.7, alpha=0.7, clip_on=False, zorder=1)
        look = {"color": color, "va": "center", "ha": "left", "fontweight": "bold", "linespacing": 1.05}
        write(ax, 1.02 * right, at, text, **look)


def inline_svg(figure: Figure, *, name: str, title: str) -> str:
    """Figure as an SVG element for an HTML page.

    Text stays text, nothing is fetched, colors are names of the page's style sheet, identifiers begin with `name`
    (letters, digits and hyphens; unique in the page), and a screen reader says the title.
    """
    import matplotlib
    from matplotlib.backends.backend_svg import FigureCanvasSVG

    buffer = io.StringIO()
    for patch in (figure.patch, *(ax.patch for ax in figure.axes)):
        patch.set_visible(False)
    with matplotlib.rc_context(_RC), warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph .* missing from")
        warnings.filterwarnings("ignore", message="constrained_layout not applied")  # cramped, but no reader's concern
        # not savefig: that draws everything a first time only to lay it out, which drawing does anyway
        canvas = FigureCanvasSVG(figure)
        canvas.print_svg(buffer, metadata=dict.fromkeys(("Date", "Creator", "Format", "Type")))
    return _embedded(buffer.getvalue(), name, title)


def save_svg(figure: Figure, path: Path | IO[str]) -> None:
    """Figure as an SVG file; the same figure gives the same bytes."""
    save_figure(figure, path, format="svg", metadata={"Date": None, "Creator": None})


def save_figure(figure: Figure, path: Path | IO[str], **options: Any) -> None:
    """Figure as a file, of the kind that the name ends with; text stays text."""
    import matplotlib

    with matplotlib.rc_context(_RC):
        figure.savefig(path, **options)


def _embedded(document: str, name: str, title: str) -> str:
    svg = document[document.index("<svg") :]
    svg = re.sub(r"<metadata>.*?</metadata>\s*", "", svg, flags=re.DOTALL)
    svg = re.sub(r"<!--.*?-->\s*", "", svg, flags=re.DOTALL)
    svg = re.sub(r"<defs>\s*<style.*?</style>\s*</defs>\s*", "", svg, flags=re.DOTALL)
    head, body = svg.split(">", 1)
    box = re.search(r'viewBox="[^"]*"', head)
    body = re.sub(r'<g id="[A-Za-z]+(?:[._]\w+)?_\d+">', "<g>", body)
    body = re.sub(r'\bid="([^"]+)"', rf'id="{name}-\1"', body)
    body = re.sub(r"url\(#([^)]+)\)", rf"url(#{name}-\1)", body)
    body = re.sub(r'xlink:href="#([^"]+)"', rf'href="#{name}-\1"', body)
    body = re.sub(r"font-family: [^;\"]*; ", "", body)
    label = escape(clean_text(title), {'"': "&quot;"})
    return f'<svg {box.group() if box else ""} role="img" aria-label="{label}">{themed(body.strip())}'
