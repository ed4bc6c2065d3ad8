"""What becomes of hours of help, in order, and the two channels on which they come; see assistance/flow.py."""

STEPS = ("offered", "attended", "met", "ready", "coherent", "clear", "able", "begun", "landed", "used")
CHANNELS = ("direct", "passed_on")
