"""The model measured: closed forms, baseline, patterns, replications. Not part of the package."""
