"""Everything that runs the model many times. Rooms import down only, and nothing from their own group.

explain         which pathways a difference between strategies goes through (Shapley values)
optimization    mixes of activities that do best, and their trade-offs
calibration     parameters fitted to observed data
sensitivity     which parameters a result depends on, and where a strategy loses
sweep           a study file run into a store, resumable
verification    the model against closed forms and baseline patterns; uses no other room

execution       runs on workers, here or elsewhere, into a store; points to runs through a store

comparison      strategies under the same luck: differences with intervals, break-even, selection, their output folders
store           finished runs on disk: shards, lock, reading by SQL

points          a table of points to a table of runs: what every analysis asks of the model

output          files and folders written whole: tables, dictionary, provenance; knows no analysis
study           study files: factors, designs, and the tasks they ask for

runs            one block of runs, its outcomes and its name; local worker processes

pyproject.toml holds this order as a contract.
"""
