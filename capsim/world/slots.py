"""The tie slots of a position: add one, look one up. Used by hiring, ties and assistance."""

from __future__ import annotations

from capsim.kernels import kernel

__all__ = ["add_tie", "slot_of"]


@kernel
def slot_of(i, contact, tie_to):
    """Slot of the tie from position i to `contact`, or -1."""
    for m in range(tie_to.shape[1]):
        if tie_to[i, m] == contact:
            return m
    return -1


@kernel
def add_tie(i, contact, strength, tie_to, tie_strength):
    """Put a tie into the lowest free slot of position i; False if it is to oneself, exists or does not fit."""
    if i == contact or slot_of(i, contact, tie_to) >= 0:
        return False
    m = slot_of(i, -1, tie_to)
    if m < 0:
        return False
    tie_to[i, m] = contact
    tie_strength[i, m] = strength
    return True
