"""When two statements say the same, and whether one line of a derivation follows from another.

A statement is an equation, an inequality, a chain, a membership or a combination of these. It holds at a point where
every side has a value there and the relation is true; so `1/x = 1/x` says `x != 0`, and two statements are the same
when they hold at the same points. Engines are imported when the first statement is compared, not before.
"""
