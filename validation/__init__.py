"""The model measured: closed forms, baseline, patterns. Not part of the package."""
