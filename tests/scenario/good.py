"""A scenario without a mistake, in as few lines as there can be."""

GOOD = """\
name: Test
agencies: {source: us_2023_24, states: [OH]}
question: {contrast: [organization_focused, none]}
assistance: {budget_hours_per_year: 100}
strategies:
  - none
  - organization_focused
"""
