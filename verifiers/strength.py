"""From what was found to a verdict: how strong a yes must be, and what stands in the evidence."""

from typing import Any, Literal, TypeAlias

from proofmill.verifiers.expressions.comparison import Comparison
from proofmill.verifiers.verdict import Verdict, accept, reject, unknown

Strength: TypeAlias = Literal["auto", "proved", "agreed"]
"""What an acceptance needs: `proved` a proof, `agreed` at least two unlike routes that say the same; `auto` a proof
where a method decides questions of that kind, else agreement."""


def judged(found: Comparison, *, strength: Strength, accepted: str, rejected: str, **evidence: Any) -> Verdict:
    """The verdict of a comparison; an unknown one keeps its method as the reason."""
    told = {**evidence, "method": found.method, **found.evidence}
    if found.outcome == "different":
        return reject(rejected, **{**told, "strength": "refuted"})
    if found.outcome == "unknown":
        return unknown(found.method, **told)
    return limited(accept(accepted, **{**told, "strength": found.strength}), strength)


def limited(verdict: Verdict, strength: Strength, *, decidable: bool = False) -> Verdict:
    """An acceptance that is only agreed, where a proof is asked for, is `unknown: only_agreed`.

    `decidable` says that a method exists that decides questions of this kind: then `auto` asks for a proof.
    """
    proof_needed = strength == "proved" or (strength == "auto" and decidable)
    if verdict.outcome == "accept" and proof_needed and verdict.evidence.get("strength") != "proved":
        return unknown("only_agreed", **verdict.evidence)
    return verdict


def weakest(*strengths: str) -> Literal["proved", "agreed"]:
    """The strength of a conclusion that rests on several findings: proved only if every one is."""
    return "proved" if all(strength == "proved" for strength in strengths) else "agreed"
