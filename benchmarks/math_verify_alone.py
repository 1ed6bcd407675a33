"""math-verify by itself: pairs as JSON on stdin, [outcomes, processor seconds of the last pass, peak MB] on stdout."""

import json
import logging
import resource
import sys
import time

from math_verify import parse, verify


def outcome(gold: str, pred: str, kind: str) -> str:
    """accept or reject; it has no word for a doubt. Bare texts are put in dollar signs, solutions are left alone."""
    wrapped = pred if kind == "completion" or "$" in pred or "\\boxed" in pred else f"${pred}$"
    try:
        return "accept" if verify(parse(gold if "$" in gold else f"${gold}$"), parse(wrapped)) else "reject"
    except Exception:  # noqa: BLE001  its user gets an exception instead of a verdict
        return "unknown"


def main() -> None:
    """Judge all pairs as often as the argument says."""
    logging.disable(logging.CRITICAL)
    rows = json.load(sys.stdin)
    outcomes: list[str] = []
    spent = 0.0
    for _ in range(int(sys.argv[1])):
        before = time.process_time()
        outcomes = [outcome(*row) for row in rows]
        spent = time.process_time() - before
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    json.dump([outcomes, spent, megabytes], sys.stdout)


if __name__ == "__main__":
    main()
