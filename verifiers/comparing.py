"""Compare two answers, or the lines of a derivation, in the shared pool: a hostile text costs one `unknown`.

>>> from proofmill.verifiers import equal, equal_many, steps
>>> equal("1/2", "0.5").outcome
'accept'
>>> [verdict.outcome for verdict in equal_many([("x^2 - 1", "(x-1)(x+1)"), ("2", "3")])]
['accept', 'reject']
>>> [verdict.outcome for verdict in steps(["x^2 = 4", "x = 2 or x = -2"])]
['accept']
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from itertools import pairwise
from typing import Any, get_args

from proofmill.verifiers.expressions.policy import Domain, Policy
from proofmill.verifiers.kinds import Kind
from proofmill.verifiers.pool import shared_pool
from proofmill.verifiers.verdict import Check, Draft, Verdict

CPU_SECONDS = 0.9
"""What one comparison may compute; limits on the tree keep nearly all of them a hundred times below."""


def equal(
    gold: str, pred: str, *, kind: str = "answer", domain: str = "real", policy: Mapping[str, Any] | None = None
) -> Verdict:
    """Whether a prediction says the same as the gold answer: accept, reject, or unknown with its reason.

    `kind` is one of `kinds.Kind`: what the two texts are. `domain` is what free symbols stand for (`policy.Domain`).
    `policy` sets named flags of `policy.Policy`. Never raises for what the texts say; TypeError or ValueError for
    anything that is no text, and for a kind, domain or flag that does not exist. Call it from any thread.
    """
    return equal_many([(gold, pred)], kind=kind, domain=domain, policy=policy)[0]


def equal_many(
    pairs: Iterable[tuple[str, str] | Mapping[str, Any]],
    *,
    kind: str = "answer",
    domain: str = "real",
    policy: Mapping[str, Any] | None = None,
) -> list[Verdict]:
    """One verdict per pair, in their order, from all workers at once.

    A pair is (gold, pred) or a mapping with "gold", "pred" and, if it has its own, "kind"; what else a mapping holds
    is left alone, so that rows of a data set can be passed as they are. Nothing is compared if any pair is no pair.
    """
    settings = {"domain": _one_of("domain", domain, get_args(Domain)), "policy": _flags(policy)}
    usual = _one_of("kind", kind, get_args(Kind))
    work = [_asked(number, pair, usual, settings) for number, pair in enumerate(pairs)]
    return [verdict for (verdict,) in shared_pool().judge_many(work)]


def steps(lines: Sequence[str]) -> list[Verdict]:
    """One verdict per adjacent pair of a derivation's lines: does the second follow from the first?"""
    if isinstance(lines, str):
        raise TypeError("lines: expected a list of texts (found one text)")
    texts = [_text(f"lines[{number}]", line) for number, line in enumerate(lines)]
    check = [Check("maths.steps", cpu_seconds=CPU_SECONDS)]
    work = ((Draft("", claims={"lines": couple}), check) for couple in pairwise(texts))
    return [verdict for (verdict,) in shared_pool().judge_many(work)]


def _asked(number: int, pair: Any, usual: str, settings: Mapping[str, Any]) -> tuple[Draft, list[Check]]:
    place = f"pairs[{number}]"
    kind = usual
    if isinstance(pair, Mapping):
        if missing := [name for name in ("gold", "pred") if name not in pair]:
            raise ValueError(f"{place}: expected the key {missing[0]!r} (found {', '.join(map(repr, pair)) or 'none'})")
        gold, pred = pair["gold"], pair["pred"]
        kind = _one_of(f"{place}: kind", pair.get("kind", usual), get_args(Kind))
    elif isinstance(pair, tuple | list) and len(pair) == 2:
        gold, pred = pair
    else:
        raise TypeError(f"{place}: expected (gold, pred) or a mapping (found {_shown(pair)})")
    draft = Draft("", answer=_text(f"{place}: pred", pred), gold=_text(f"{place}: gold", gold))
    return draft, [Check("maths.equal", {"kind": kind, **settings}, cpu_seconds=CPU_SECONDS)]


def _flags(policy: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """The flags as a worker is told them; ValueError for one that there is not."""
    if policy is None:
        return None
    if not isinstance(policy, Mapping):
        raise TypeError(f"policy: expected a mapping (found {_shown(policy)})")
    meant = Policy.of(policy)
    given = {flag.name: getattr(meant, flag.name) for flag in fields(meant) if flag.name in policy}
    return {name: value if isinstance(value, bool | str | None) else str(value) for name, value in given.items()}


def _one_of(place: str, value: Any, choices: tuple[str, ...]) -> str:
    if not isinstance(value, str) or value not in choices:
        raise ValueError(f"{place}: expected one of {', '.join(choices)} (found {_shown(value)})")
    return value


def _text(place: str, value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{place}: expected text (found {_shown(value)})")
    return value


def _shown(value: Any) -> str:
    found = repr(value)
    return found if len(found) <= 80 else f"{found[:79]}…"
