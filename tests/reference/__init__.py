"""The twin: one month of capsim written the slow, obvious way, one Mesa agent per person.

It is the teaching text of the model and the referee of the fast engine. It starts from the same world, meets
the same luck, and must end with the same people in the same positions. It shares no rule with the engine: it
takes worlds, parameters, catalogues and names of streams from capsim, nothing of processes, measures or
assistance. Read it in this order:

    people.py, agencies.py    who there is
    rules.py                  which form of a rule is in force
    luck.py                   where random numbers come from
    twin.py                   the month
    environment.py ... implementation.py    one file per group of processes, in the order of the month
    assistance.py             the one process with rooms of its own:
        center.py                 the experts of the TA center
        composition.py            what a composed strategy orders; division.py and targeting.py: for whom
        delivery.py, cascade.py   orders, and what becomes of them down the chain of agencies
        receptivity.py            how much lands
        effects.py, brokering.py  what it does to people and agencies, and to ties
        instruments.py            what can be read of it all
    capacities.py             what an agency can do, measured
    loading.py, columns.py    from a world of columns to people, and back
"""

from .twin import Twin

__all__ = ["Twin"]
