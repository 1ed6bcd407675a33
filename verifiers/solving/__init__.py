"""Solution sets: read from an answer, put back into what they solve, and shown to be complete."""
