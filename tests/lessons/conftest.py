"""One small lesson of one's own, run once."""

from __future__ import annotations

from pathlib import Path

import pytest

from capsim.lessons.lesson import Lesson, load_lesson
from capsim.lessons.playing import Played, play

SMALL = """# Small

```lesson
title: A small lesson
about: Two positions, <two> rules.
minutes: 10
change: {timeline: {settling: 0, assistance: 6, follow_up: 6}}
strategies: [individual_focused, organization_focused]
slider: {parameter: lea_annual_exit, values: [0.05, 0.4], start: 0.05}
switch: {rule: readiness, variants: [product, geometric_mean]}
measures: {individual: skill of people, use: use of the practices}
worlds: 8
month: 6
predict: {question: "What will happen?", answers: [This, That]}
expected:
  - {strategy: individual_focused, measure: individual, month: 6, at: 0.4, variant: geometric_mean, band: [0.0, 0.2]}
```

## Student page

### Look

Some **bold** words, *some* not, a `word`, and [a link](https://example.org).

1. One
   and more of one
2. Two < three

## For the instructor

- All
"""


def written(folder: Path, text: str = SMALL) -> Path:
    path = folder / "small.md"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture(scope="session")
def lesson(tmp_path_factory: pytest.TempPathFactory) -> Lesson:
    return load_lesson(written(tmp_path_factory.mktemp("lessons")))


@pytest.fixture(scope="session")
def played(lesson: Lesson) -> Played:
    return play(lesson)
