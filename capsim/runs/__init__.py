"""Runs: one block of runs, workers, the store, study files, output folders."""

KINDS = {
    "sweep": "capsim.runs.study:SweepStudy",
    "sensitivity": "capsim.analyses.studies:SensitivityStudy",
    "calibrate": "capsim.analyses.studies:CalibrateStudy",
    "optimize": "capsim.analyses.studies:OptimizeStudy",
}
"""Kinds of study and the class that says what their files hold; here, where a command line finds them at once."""
