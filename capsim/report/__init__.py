"""The report of a comparison: one self-contained HTML page."""

from capsim.report.page import render_report, write_report

__all__ = ["render_report", "write_report"]
