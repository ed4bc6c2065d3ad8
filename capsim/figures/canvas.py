"""Empty axes in the house style, made without any global state of matplotlib, and figures as SVG text."""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape

from capsim.figures.palette import GRID, INK, MUTED, Style, clean_text, wrap_label

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = [
    "SMALL",
    "TEXT",
    "add_color_key",
    "add_key",
    "figure_inches",
    "inline_svg",
    "new_axes",
    "new_figure",
    "style_axes",
    "write",
]

TEXT, SMALL = 9.0, 8.0
"""Font sizes in points; a figure of 7.6 inches fills a page of 800 pixels."""

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


def style_axes(ax: Axes, *, grid: str = "y") -> None:
    """Quiet frame, light grid along one axis, text in ink."""
    for side in ("top", "right", "left" if grid == "y" else "top"):
        ax.spines[side].set_visible(False)
    for spine in ax.spines.values():
        spine.set_color("#9aa5b1")
        spine.set_linewidth(0.8)
    ax.set_axisbelow(True)
    ax.grid(visible=True, axis=grid, color=GRID, linewidth=0.8)  # type: ignore[arg-type]
    ax.tick_params(labelsize=TEXT, labelcolor=INK, color="#9aa5b1", length=3)
    for label in (ax.xaxis.label, ax.yaxis.label):
        label.set_fontsize(TEXT)
        label.set_color(MUTED)


def write(ax: Axes, x: float, y: float, text: str, **options: Any) -> Any:
    """Text that is never read as mathematics, whatever a user wrote."""
    options.setdefault("fontsize", TEXT)
    options.setdefault("color", INK)
    return ax.text(x, y, clean_text_lines(text), parse_math=False, **options)


def clean_text_lines(text: str) -> str:
    """Text without control characters, line by line."""
    return "\n".join(clean_text(line) for line in text.split("\n"))


def figure_inches(ax: Axes) -> tuple[float, float]:
    """Width and height of the whole figure that axes stand in."""
    figure = ax.get_figure(root=True)
    assert figure is not None
    width, height = figure.get_size_inches()
    return float(width), float(height)


def add_key(figure: Figure, styles: Iterable[Style], *, columns: int) -> None:
    """Say above a figure what the colors and markers are."""
    from matplotlib.lines import Line2D

    shown = list(styles)
    handles = [Line2D([], [], color=s.color, marker=s.marker, markersize=6, linewidth=1.3) for s in shown]
    labels = ["\u200b" + wrap_label(s.label, 40) for s in shown]  # without the invisible letter "_x" would be left out
    key = figure.legend(
        handles,
        labels,
        loc="outside upper left",
        ncols=columns,
        frameon=False,
        fontsize=TEXT,
        handlelength=1.6,
        columnspacing=1.6,
    )
    for text, style in zip(key.get_texts(), shown, strict=True):
        text.set_parse_math(False)
        text.set_color(style.color)
        text.set_fontweight("bold")


def add_color_key(figure: Figure, colors: Mapping[str, str], *, columns: int) -> None:
    """Say above a figure what the colors of areas are; `colors` by what they stand for."""
    from matplotlib.patches import Patch

    handles = [Patch(facecolor=color, linewidth=0) for color in colors.values()]
    key = figure.legend(
        handles,
        ["\u200b" + wrap_label(name, 40) for name in colors],
        loc="outside upper left",
        ncols=columns,
        frameon=False,
        fontsize=TEXT,
        handlelength=1.0,
        handleheight=1.0,
        columnspacing=1.6,
    )
    for text in key.get_texts():
        text.set_parse_math(False)
        text.set_color(INK)


def inline_svg(figure: Figure, *, name: str, title: str) -> str:
    """Figure as an SVG element for an HTML page.

    Text stays text, nothing is fetched, and identifiers begin with `name`.

    Parameters
    ----------
    figure : Figure
    name : str
        Letters, digits and hyphens; unique in the page.
    title : str
        What a screen reader says.
    """
    import matplotlib

    buffer = io.StringIO()
    with matplotlib.rc_context(_RC), warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph .* missing from")
        warnings.filterwarnings("ignore", message="constrained_layout not applied")  # cramped, but no reader's concern
        figure.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None, "Format": None, "Type": None})
    return _embedded(buffer.getvalue(), name, title)


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
    return f'<svg {box.group() if box else ""} role="img" aria-label="{label}">{body.strip()}'
