"""The engine: the ordered month, its records, one run. Imports no Mesa."""
