"""Prose of the page docs/replications.md that holds no number of a run."""

from __future__ import annotations

INTRODUCTION = """
Four papers on how organizations learn and forget, written again as small models and put beside what was published.
They are not parts of capsim and use nothing of it but its compiler; they show which of the field's known results rest
on which rule. What is said of a paper is in our words. Of March's figures 1 and 3 the printed pictures were at hand and
their values were read off; of everything else only text, abstracts and descriptions by others, so that claims in words
are compared, not numbers.
"""

MARCH_WORDS = """
30 dimensions of reality, 50 individuals, p2 = 0.5 where it is not an axis. Figures 1 and 2 show knowledge when nothing
can change any more, figures 3 and 4 period 20, figure 5 every period with turbulence p4 = 0.02.
The same tables come from `python -m experiments.march1991 --figure 1 --runs 80 --out FILE.csv`, under any reading
with `--reading NAME`.

The paper leaves rules open, and its program was not what its text says: Christensen (2015) and Watts and Gilbert (2014)
describe it in two different ways. So every open rule is a switch, and eight combinations are run. The first is used
here and by the command because it is a description of the program under which figure 1 comes out; figures 2, 4 and 5
took no part in that choice.

- **Who is superior.** The text compares beliefs with reality; the program is said to compare what individuals *do*, so
  that somebody without a belief guesses, and a lucky guess counts and votes. Superior is who scores more than the code,
  not as much.
- **What knowledge is.** The share of reality that is known (text), or that share minus the share believed wrongly.
- **k.** Votes of superior individuals against the code's belief minus votes for it; no belief is no vote. The code
  changes with probability 1 − (1 − p2)^k. A tie changes nothing.
- **Learning from the code.** At once, or an opposite belief is first lost and the code's taken over at the next
  chance. A code without a belief teaches nothing.
- **Order.** Turbulence, turnover, then both kinds of learning from what the other was at the start of the period;
  `text_in_turn` lets individuals learn first.
- **Equilibrium.** The paper says that all end with the beliefs of the code. That need not happen (a code without a
  belief teaches nobody), so a run ends when nothing can change any more.
- **Period 20.** What was known when the period began (so after nineteen rounds of learning), when it ended, or a
  period before.

Below, in parentheses, the distance that luck alone would make between 80 runs and ours. The distance is the root mean
square over all printed points.
"""

RAO_WORDS = """
An experiment with people: 240 of them in groups of three made a product in five trials, with high structure (roles and
routines) or low, with turnover or without. The abstract reports a significant interaction, as predicted: turnover hurts
groups low in structure more, and without turnover there is little difference. Its means were not at hand, nor how many
were replaced and when. The model (`validation/replications/rao.py`) is the smallest that holds the paper's explanation;
that the interaction comes out says that the explanation suffices, not that it is right. It also comes out, smaller,
when nothing is embedded: with fixed roles alone two of three people keep doing what they do well.
"""

CARLEY_WORDS = """
The abstract says that teams learn faster and better than hierarchies, and that hierarchies are less affected by high
turnover, particularly if the task cannot be decomposed. Size of the task, exits and who leaves are assumed here
(`validation/replications/carley.py`); a task that cannot be decomposed is taken to be one in which what a bit counts
depends on the others near it.
"""

ROUTINES_WORDS = """
Fifty people with memories of three kinds, ten tasks a problem. The abstracts of the paper and of its replication say
that transactive memory (who can do what) makes solving faster and helps to adapt, and that declarative memory (what
comes next) makes routines efficient while nothing changes but obstructs gains when problems are new. How memories are
used is assumed here (`validation/replications/routines.py`).
"""

LEFT_OUT = (
    "March, figures 2, 4 and 5: their printed values were not at hand. The range of turnover in figure 4 (0 to 1) and the "
    "settings of figure 5 are those of two independent recreations of the paper.",
    "March, figure 6 and the section on competition: left out.",
    "Rao and Argote: no number of theirs is reproduced, for none was at hand.",
    "Carley, and Miller, Pentland and Choi: no figure could be compared point by point; the rules are not theirs in every "
    "detail, so that what fails here may well hold in their models.",
)

SOURCES = """
- Carley, K. (1992). Organizational learning and personnel turnover. *Organization Science* 3(1), 20-46 (abstract).
- Christensen, M. (2015), note on the program of March (1991), as quoted by M. Workiewicz, *March_1991_Original* (2019).
- Hauke, J., Achter, S., Meyer, M. (2020). Theory development via replicated simulations and the added value of
  standards. *JASSS* 23(1) 12 (abstract).
- March, J. G. (1991). Exploration and exploitation in organizational learning. *Organization Science* 2(1), 71-87
  (figures 1 and 3; quotations and summaries of the rest).
- Miller, K. D., Pentland, B. T., Choi, S. (2012). Dynamics of performing and remembering organizational routines.
  *Journal of Management Studies* 49(8), 1536-1558 (abstract).
- Rao, R. D., Argote, L. (2006). Organizational learning and forgetting: the effects of turnover and structure.
  *European Management Review* 3(2), 77-85 (abstract).
- Rodan, S. (2005). Exploration and exploitation revisited: extending March's model of mutual learning. *Scandinavian
  Journal of Management* 21, 407-428 (as described by Watts and Gilbert).
- Watts, C., Gilbert, N. (2014). *Simulating Innovation*. Edward Elgar (the NetLogo version of March's model and its
  notes).
"""
