"""Experiments: one folder per question, each with its study file; `python -m experiments NAME` writes its page."""
