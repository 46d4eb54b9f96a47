"""What the page of one thing, situation, claim, proposition or source tells: values for people.

What only a proposition graph says comes apart from what the graph states, and under its standing.
"""
