"""Runs: one block of runs, workers, the store, study files, output folders."""
