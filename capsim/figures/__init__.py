"""Pictures from plain tables, one question each; they know nothing of studies."""
