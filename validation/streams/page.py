"""The page docs/streams.md: how numbers are addressed, why this generator, and what the tests of them found."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy import stats

from validation.streams.orders import ORDERS
from validation.streams.statistics import SMALLEST, Finding

_OPENING = """# Random numbers

This page is written by `python -m validation streams --dieharder --write docs/streams.md`.

## How a number is addressed

Every random number of the model is a pure function of run key, process, organization, row within the organization, month and column (`capsim/streams/squares.py`). Run key, process and month make a 64-bit *key*; organization and row make a 64-bit *counter*, to which the column is added; Squares64 (Widynski 2020, five rounds) turns both into 64 bits, of which the upper 53 are the number. Known answers are tested against another implementation (`tests/streams/test_squares.py`), and the twin computes all of it with Python's whole numbers.

- **Keys.** Widynski asks for keys that are odd and whose digits are irregular, so that multiples of a key look unlike at once. A key acts as the increment of a Weyl sequence. Keys come from SplitMix64's mixing function and go through the rule of Steele, Lea and Flood (2014) for just such increments: odd, and at least 24 changes from one bit to the next, else every second bit is turned. Widynski's own rule (hexadecimal digits without repetition in each half) was not used: it serves counters that begin at 0, where the first products are hardly mixed. Here counters are mixed words already, and the orders below begin with such counters.
- **Counters.** SplitMix64's mixing function is a bijection, so the rows of one organization never share a counter. Two organizations share one only by the accident by which two identities of 64 bits could be equal: at the 158,000 positions of the nation and 24 columns the chance of any overlap is 3 in 100 million.
- **Keys of many runs.** There are 2^63 keys. Among a million runs of 240 months and 30 processes about three pairs of months share a key: the same luck in one month of two runs, for two different processes. Philox, with 128 bits of key, had no such pairs. That is three months in 240 million, too few for any comparison to notice.

## Why this generator

Results versions up to 3 used Philox4x64-10 (Salmon et al. 2011). It yields four numbers at a time, but most rows of the month need one, two or six. Measured in CPU time on one core of a two-core AMD EPYC that others used too, both in turn in one run, best of 150, from the address to the numbers of 20,000 rows:

| numbers in a row | Philox4x64-10, ns a row | Squares64, ns a row |
|---|---|---|
| 1 | 26.2 | 5.9 |
| 2 | 27.0 | 8.5 |
| 4 | 28.1 | 12.3 |
| 6 | 50.4 | 16.1 |
| 8 | 59.0 | 26.2 |

The whole month with assistance and records, `organization_focused`, both versions in turn, best of 12: 1.25 times faster at 20,000 positions (527 to 421 ns a position), 1.18 times at 2,000 (522 to 441), 1.03 times in the classroom of 57 positions (91.6 to 89.0 microseconds a month). The machine was busy, so the ratios count, not the times.

## What was tested
"""

_RUNS_AGAIN = "Dieharder's test of runs came near its limit for positions (results version 4: 0.00014, as often among so many findings as once in 50 pages). So it was repeated by hand on four other stretches of positions and of agencies, 2^33 numbers apart: its sixteen chances lay between 0.067 and 0.98 in the one direction that it prints. Results version 5 has the same generator under the same addresses and more processes: our own 126 statistics of the first 2,097,152 numbers of every order, its processes among them, were measured again on 2026-11-30, and all are met."


def worst(findings: Sequence[Finding]) -> float:
    """Chance that luck alone yields as small a chance anywhere among the findings."""
    return float(-np.expm1(len(findings) * np.log1p(-min(finding.chance for finding in findings))))


def streams_markdown(findings: Sequence[Finding], *, numbers: int, version: str, dieharder: bool) -> str:
    """The page."""
    evenness = float(stats.kstest([each.chance for each in findings if each.chance < 1.0], "uniform").pvalue)
    lines = [
        *_OPENING.splitlines(),
        "",
        f"capsim {version}. {len(ORDERS)} orders, of each the first {numbers:,} numbers. A chance is that of luck alone being as far from what is expected, in either direction; for the largest of many it is that of any of them. A finding is missed when its chance is below {SMALLEST:g}: sound numbers raise such an alarm once in 1,000 batteries of 300 findings.",
        "",
        f"**{sum(each.met for each in findings)} of {len(findings)} findings met.** Smallest chance {min(each.chance for each in findings):.2g}, which luck alone brings about somewhere among so many with chance {worst(findings):.2g}; that all chances are spread evenly: {evenness:.2g} (Kolmogorov, Smirnov).",
        "",
        "Dieharder's tests were run on the same numbers, all 64 bits of each."
        if dieharder
        else "Dieharder was not run (`apt-get install dieharder`, then `--dieharder`).",
        "TestU01 was not run: the distribution of the machine had no package of it.",
        "",
        "| order | what are neighbours |",
        "|---|---|",
        *(f"| {order.name} | {order.meaning} |" for order in ORDERS),
        "",
        f"| statistic | {' | '.join(order.name for order in ORDERS)} |",
        "|---|" + "---|" * len(ORDERS),
    ]
    statistics = dict.fromkeys(finding.statistic for finding in findings)
    for name in statistics:
        cells = [
            ", ".join(_told(f) for f in findings if (f.order, f.statistic) == (order.name, name)) for order in ORDERS
        ]
        lines.append(f"| {name} | {' | '.join(cells)} |")
    lines += ["", "Cells are chances; missed ones are bold.", *(["", _RUNS_AGAIN] if dieharder else [])]
    return "\n".join(lines) + "\n"


def _told(finding: Finding) -> str:
    return f"{finding.chance:.2g}" if finding.met else f"**{finding.chance:.1g}**"
