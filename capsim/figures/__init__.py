"""Pictures from plain tables; whoever draws says what the table holds.

What most plots take stands here once. `first` and `second` are strategies; differences are first minus second.
`measure` says in words what differs, `more_is_better` is False for one such as vacancy. `styles` are looks of
strategies, where they must agree with other figures; `quiet` strategies stay thin and grey, so that the others can be
seen; `heading` is written above the plot; `labels` are words for parameters. `ax` are the axes to draw on, and come
back; without them there is a figure of its own. Texts are never read as mathematics.
"""
