"""text.reading: a second, independent reading of the problem gives the same answer."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from proofmill.verifiers.verdict import Check, Draft, Verdict, accept, reject, unknown

VERSION = "1"


def check(draft: Draft, *, by: dict[str, Any] | None = None) -> Verdict:
    """Judge the draft's answer by claims that somebody else made, who had seen the problem alone.

    Reads:   claims["reading"], claims in the form of the first ones; answer; whatever the verifiers in `by` read.
    Accepts: each verifier in `by`, which has their settings, accepts the answer with the second claims in place of the
             first.
    Rejects: `readings_differ`: the second claims prove another answer or refute this one. Then one of the two has
             misread, or the problem says two things; nothing here tells which.
    Unknown: `no_reading`; `reading_undecided`: the second claims can't be read or decided.
    Method:  that of the verifiers in `by`. Two readers who make the same mistake are not found out.
    """
    from proofmill.verifiers import catalogue

    reading = draft.claims.get("reading")
    if not isinstance(reading, Mapping) or not reading:
        return unknown("no_reading", detail="claims.reading: expected the claims of a second reader")
    if not by:
        return unknown("no_reading", detail="expected the verifiers to judge the reading by (found none)")
    again = replace(draft, claims={name: claim for name, claim in reading.items() if name != "reading"})
    verdicts = {name: catalogue.run(Check(name, settings), again) for name, settings in by.items()}
    evidence = {
        name: {"outcome": found.outcome, "reason": found.reason, **found.evidence} for name, found in verdicts.items()
    }
    if all(found.outcome == "accept" for found in verdicts.values()):
        return accept("same_answer", by=evidence)
    if any(found.outcome == "reject" for found in verdicts.values()):
        return reject("readings_differ", reading=dict(reading), by=evidence)
    return unknown("reading_undecided", reading=dict(reading), by=evidence)
