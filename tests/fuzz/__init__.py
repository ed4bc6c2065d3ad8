"""Mutated files: whatever is done to a scenario, a study or a table, `capsim check` answers in good order."""
