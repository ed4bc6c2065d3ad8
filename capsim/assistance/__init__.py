"""An hour of help, file by file: wanted by a strategy (strategy; of a recipe targeting, division, composed), ordered
(orders), agreed (wishes), passed on (cascade), received (receptivity) and delivered (delivery) with what it changes
(effects, ties, tools), by whom (center); what is read (observation) and kept (books, flow); a month of it (program).
"""
