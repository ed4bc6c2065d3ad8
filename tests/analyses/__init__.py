"""Analyses on functions whose answers are known, and once each on a small world."""
