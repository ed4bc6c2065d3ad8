"""Where hours are lost: delivered hours by the factors that they pass, on both channels.

Of a row of hours h the steps are, one factor after the other::

    offered   h
    attended  times the mean attendance of the row's participants; 0 where nobody is there
    met       times what lands of help that can come online only (engine/events.py); 1 in usual times
    ready     times readiness for the activity
    coherent  times coherence: what else is asked of the agency at once
    clear     times clarity: co-design after planning, and offerings in many pieces
    able      times the quality of those who give it
    begun     times helped / (helped + setup_hours), where the rule of load is setup and the row has an area
    landed    no more than was attended: times min(1, landing) / landing
    used      times use, of the area or its mean

so that landed is offered times the product of the factors. A factor may be above 1 (a readier agency than most, a
better consultant); what the factors together would give above 1 is cut last, as for the hours received of the chain
(books.py). The channel is direct for hours of consultants, passed on for those of an agency's staff.

Source: S9 (New York's working group: rolled out, received, utilized), S1 (limited clarity); the order of the factors,
on which the share of each depends, is that of the sentence.
"""

from __future__ import annotations

import numpy as np

from capsim.assistance.receptivity import combine_readiness, inverse_logistic
from capsim.assistance.sums import mean_of
from capsim.catalogue.flow import STEPS
from capsim.catalogue.rules import codes_of
from capsim.kernels import inner

OFFERED, ATTENDED, MET, READY, COHERENT, CLEAR, ABLE, BEGUN, LANDED, USED = range(len(STEPS))
_SETUP = codes_of("load")[2]


@inner
def enter_flow(w, p, h, rows, participants, start):
    """Enter the rows of a month, before they change anything."""
    people, routine, slope, flow, reached = start.people, w.routine, p.prerequisite_slope, h.flow, h.reached
    readiness, most, O, slots = start.readiness, start.most, len(w.level), h.flow_slot.max() + 1
    reached[:] = 0.0
    parts = np.zeros(len(STEPS))
    for r in range(len(participants)):
        a, i, j, k, hours = rows.activity[r], rows.person[r], rows.agency[r], rows.area[r], rows.hours[r]
        if hours <= 0.0:
            continue
        parts[:] = 0.0
        parts[OFFERED] = hours
        if participants[r] > 0:
            parts[ATTENDED] = hours * (start.attendance[i] if i >= 0 else start.mean_attendance[h.leaders[a], j])
            x = mean_of(people, j, k) if h.of_skill[a] else mean_of(routine, j, k)
            specific = h.at_baseline[a] / inverse_logistic(x, h.prerequisite[a], slope)
            asked = w.load[j] + w.outside_initiatives[j]
            coherence = 1.0 / (1.0 + p.coherence_gamma * max(0.0, asked - p.coherence_limit))
            ready = combine_readiness(p, readiness[j], specific)
            parts[MET] = parts[ATTENDED] * h.landing[j]
            parts[READY] = parts[MET] * ready
            parts[COHERENT] = parts[READY] * coherence
            parts[CLEAR] = parts[ATTENDED] * ready * most[j]
            parts[ABLE] = parts[CLEAR] * rows.quality[r]
            begun = 1.0
            if p.load_rule == _SETUP and k >= 0 and p.setup_hours > 0.0:
                begun = w.helped[j, k] / (w.helped[j, k] + p.setup_hours)
            parts[BEGUN] = parts[ABLE] * begun
            parts[LANDED] = parts[ATTENDED] * min(1.0, ready * most[j] * rows.quality[r] * begun)
            parts[USED] = parts[LANDED] * mean_of(w.use, j, k)
            reached[j, len(STEPS)] += hours / h.ta_hours[a] * h.seats[a]
        channel = 0 if r < rows.direct else 1
        cell = (2 * (w.clock[0] // 12 * slots + h.flow_slot[a]) + channel) * O + j
        for s in range(len(STEPS)):
            flow[cell, s] += parts[s]
            reached[j, s] += parts[s]
