"""The gate: a draft and its verdicts become a Sample or a Refusal; beside it only an anchor's source makes samples."""

from collections.abc import Sequence
from dataclasses import dataclass

from proofmill.verifiers.verdict import Check, Draft, Outcome, Verdict


@dataclass(frozen=True, slots=True)
class Judgement:
    """A draft with what every verifier said of it."""

    draft: Draft
    verdicts: tuple[Verdict, ...]

    @property
    def outcome(self) -> Outcome:
        """`accept` if all accept (and there is one), `reject` if any rejects, else `unknown`."""
        outcomes = {verdict.outcome for verdict in self.verdicts}
        if "reject" in outcomes:
            return "reject"
        return "accept" if outcomes == {"accept"} else "unknown"

    @property
    def reason(self) -> str:
        """Why, as `verifier:slug`, from the verdict that decided; `no_verdict` where nobody was asked."""
        decisive = [verdict for verdict in self.verdicts if verdict.outcome == self.outcome]
        return f"{decisive[0].verifier}:{decisive[0].reason}" if decisive else "no_verdict"


@dataclass(frozen=True, slots=True)
class Sample:
    """A draft that every verifier of the recipe has accepted."""

    judgement: Judgement


@dataclass(frozen=True, slots=True)
class Refusal:
    """A draft that at least one verifier did not accept; kept, counted, never published as a sample."""

    judgement: Judgement
    reason: str


def decide(draft: Draft, checks: Sequence[Check], verdicts: Sequence[Verdict]) -> Sample | Refusal:
    """No proof, no row: a sample needs an accepting verdict of every check, in order."""
    asked, answered = [check.verifier for check in checks], [verdict.verifier for verdict in verdicts]
    if not asked or asked != answered:
        raise ValueError(f"expected one verdict of each of {asked} (found {answered})")
    judgement = Judgement(draft, tuple(verdicts))
    return Sample(judgement) if judgement.outcome == "accept" else Refusal(judgement, judgement.reason)
