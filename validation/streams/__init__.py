"""Random numbers as they are addressed: the same numbers in several orders, tested for what neighbours share."""
