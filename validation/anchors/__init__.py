"""Anchors: trials that were published, run again in the model as they were run, beside what they found."""
