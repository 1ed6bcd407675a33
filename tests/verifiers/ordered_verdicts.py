"""Judge pairs in several orders, both ways round, in a process of its own; prints what was said of each.

Reads {"pairs": [[kind, one, two], ...], "orders": 6} as JSON on stdin; prints, for every pair, the different outcomes
that it got, and the different verdicts, evidence included, per way round.
"""

import json
import sys
from random import Random

from proofmill.verifiers.catalogue import run
from proofmill.verifiers.verdict import Check, Draft


def main() -> None:
    """JSON: [[outcomes, verdicts one way round, verdicts the other], ...]."""
    asked = json.load(sys.stdin)
    pairs = asked["pairs"]
    found: list[list[set[str]]] = [[set(), set(), set()] for _ in pairs]
    for order in range(asked["orders"]):
        places = [(place, way) for place in range(len(pairs)) for way in (1, 2)]
        Random(order).shuffle(places)
        for place, way in places:
            kind, *texts = pairs[place]
            gold, pred = texts if way == 1 else reversed(texts)
            verdict = run(Check("maths.equal", {"kind": kind}), Draft("", answer=pred, gold=gold))
            found[place][0].add(verdict.outcome)
            found[place][way].add(json.dumps([verdict.outcome, verdict.reason, dict(verdict.evidence)], sort_keys=True))
    json.dump([[sorted(group) for group in groups] for groups in found], sys.stdout)


if __name__ == "__main__":
    main()
