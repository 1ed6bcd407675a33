"""Where the replies went, counted from the ledger: asked, readable, proved, chosen, and each reason for refusal."""

from collections import Counter
from dataclasses import dataclass, field

from proofmill.ledger import Ledger


@dataclass(frozen=True, slots=True)
class Funnel:
    """Counts of one dataset, over all runs that made it."""

    replies: int = 0
    """Replies that were judged, repairs included."""
    readable: int = 0
    """Replies that held a draft."""
    proved: int = 0
    """Drafts that every verifier accepted."""
    rows: int = 0
    """Proved drafts that became rows."""
    repaired: int = 0
    """Rows that took more than one try."""
    spare: int = 0
    """Proved drafts that are no rows: not wanted, or not yet, while earlier draws are under way. Kept in the ledger."""
    reasons: dict[str, int] = field(default_factory=dict)
    """How often each reason kept a reply out, most frequent first."""
    tokens_in: int = 0
    tokens_out: int = 0

    @property
    def refused(self) -> int:
        """Replies that did not become rows for a reason of their own."""
        return sum(self.reasons.values())

    @property
    def tokens_per_row(self) -> float | None:
        """Tokens read and written for each row."""
        return (self.tokens_in + self.tokens_out) / self.rows if self.rows else None


def count(ledger: Ledger) -> Funnel:
    """The funnel of a ledger."""
    ((replies, readable, proved),) = ledger.tally(
        "SELECT COUNT(*), COUNT(draft), COALESCE(SUM(outcome='accept'), 0) FROM tries"
    )
    reasons: Counter[str] = Counter()
    for reason, times in ledger.tally("SELECT reason, COUNT(*) FROM tries WHERE outcome<>'accept' GROUP BY reason"):
        reasons[reason] += times
    duplicates = "SELECT reason, COUNT(*) FROM rows WHERE config='rejected' AND reason<>'' GROUP BY reason"
    for reason, times in ledger.tally(duplicates):
        reasons[reason] += times
    ((tokens_in, tokens_out),) = ledger.tally(
        "SELECT COALESCE(SUM(tokens_in), 0), COALESCE(SUM(tokens_out), 0) FROM calls"
    )
    ((repaired,),) = ledger.tally("SELECT COUNT(*) FROM rows WHERE config='synthetic' AND turn>0")
    rows = ledger.size("synthetic")
    doubles = sum(times for reason, times in reasons.items() if reason.startswith("duplicate"))
    return Funnel(
        replies=replies,
        readable=readable,
        proved=proved,
        rows=rows,
        repaired=repaired,
        spare=proved - rows - doubles,
        reasons=dict(reasons.most_common()),
        tokens_in=tokens_in,
        tokens_out=tokens_out,
    )
