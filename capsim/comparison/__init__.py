"""Strategies under the same luck: differences with intervals, break-even, their output folders."""
