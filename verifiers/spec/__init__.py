"""The typed spec of a problem: JSON whose texts our own grammar reads, what follows from it, and what guards it."""
