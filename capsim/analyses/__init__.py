"""Analyses: sensitivity, discovery, calibration, optimization, selection, explain. Every one runs a table of points."""
