"""maths.identity: two expressions are equal for all values of their variables."""

from typing import Literal

from proofmill.verifiers.drafting import answer_text, answered_value, claimed
from proofmill.verifiers.engines import behind
from proofmill.verifiers.expressions.comparison import Comparison
from proofmill.verifiers.expressions.derivative import carried_out
from proofmill.verifiers.expressions.described import expressions_format
from proofmill.verifiers.expressions.equality import compare
from proofmill.verifiers.expressions.nodes import Call, Node
from proofmill.verifiers.expressions.policy import Policy
from proofmill.verifiers.forms import Form, has_form
from proofmill.verifiers.strength import Strength, judged
from proofmill.verifiers.verdict import Draft, Unreadable, Verdict, accept, reject, unknown

VERSION = "1"

_DOMAINS = ("real", "positive", "complex", "integer")
_TRUTH = {"true": True, "yes": True, "holds": True, "false": False, "no": False, "fails": False}


def check(
    draft: Draft,
    *,
    domain: Literal["claimed", "real", "positive", "complex", "integer"] = "claimed",
    common_domain: bool = True,
    form: Form = "any",
    strength: Strength = "auto",
) -> Verdict:
    """Decide whether an identity holds for all values of its variables in their domain.

    Reads:   claims["left"] and claims["right"], or claims["identity"], `sin(x)^2 + cos(x)^2 = 1`; claims["expression"],
             which the answer must be equal to; claims["domain"]: real (default), positive, integer or complex, the same
             for every variable, unless `domain` names one. An answer `true` or `false` (yes, no) beside left and right
             says whether the identity holds; any other answer is not read where only left and right are claimed.
    Accepts: `identical`: both sides are equal wherever both are defined (with `common_domain=False`, their domains are
             the same as well): `proved` by a normal form, `agreed` by certified balls at many points and SymPy.
             `fails_as_answered`: a witness shows that it fails, and the answer says so.
             With `form`, an answer to claims["expression"] is expanded, factored or shorter, as `forms` says.
    Rejects: `differs`: a point where the sides differ is the witness; `holds`: the answer says that it fails;
             `not_expanded`, `not_factored`.
    Unknown: `not_shorter`, a text outside the grammar, a side that is no value, no usable point, routes that disagree,
             `only_agreed`.
    Method:  `equality.compare`, in its order of authority.
    """
    policy = Policy(domain=_domain(draft, domain), common_domain=common_domain)
    sides = _sides(draft)
    found = _compared(*sides, policy) if sides else None
    said = _said(draft) if sides else None
    if found and found.outcome == "different" and said is False:
        return accept("fails_as_answered", method=found.method, **found.evidence, strength="proved")
    if found and found.outcome == "equal" and said is False:
        return reject("holds", method=found.method, **found.evidence)
    if draft.claims.get("expression") is not None and (found is None or found.outcome == "equal"):
        asked, answer = claimed(draft, "expression"), answered_value(draft)
        found = _compared(asked, answer, policy)
        if found.outcome == "equal" and not has_form(answer, asked, form):
            return unknown("not_shorter") if form == "shorter" else reject(f"not_{form}")
    if found is None:
        raise Unreadable("claims: expected left and right, identity, or expression", reason="claim_missing")
    return judged(
        found,
        strength=strength,
        accepted="identical",
        rejected="differs",
        domain=policy.domain,
        engines=behind(found.method),
    )


def claims() -> str:
    """What a teacher is told about the claims."""
    return (
        "claims.expression is the expression that the problem asks to rewrite, as the problem has it; where a "
        "problem asks whether two expressions are always equal, claims.left and claims.right are the two. "
        f"claims.domain is where the variables range: {', '.join(_DOMAINS)}; left out, it is real. "
        f"{expressions_format()}"
    )


def _compared(left: Node, right: Node, policy: Policy) -> Comparison:
    return compare(carried_out(left), carried_out(right), domain=policy.domain, policy=policy)


def _domain(draft: Draft, setting: str) -> Literal["real", "positive", "complex", "integer"]:
    stated = draft.claims.get("domain", "real") if setting == "claimed" else setting
    for name in _DOMAINS:
        if stated == name:
            return name  # type: ignore[return-value]
    raise Unreadable(f"claims.domain: expected one of {', '.join(_DOMAINS)} (found {stated!r})", reason="claim_missing")


def _sides(draft: Draft) -> tuple[Node, Node] | None:
    if draft.claims.get("identity") is not None:
        match claimed(draft, "identity"):
            case Call("Eq", (left, right)):
                return left, right
        raise Unreadable("claims.identity: expected an equation", reason="claim_missing")
    if draft.claims.get("left") is None and draft.claims.get("right") is None:
        return None
    return claimed(draft, "left"), claimed(draft, "right")


def _said(draft: Draft) -> bool | None:
    """Whether the answer says that the identity holds; None where it says something else."""
    try:
        text = answer_text(draft)
    except Unreadable:
        return None
    return _TRUTH.get(text.strip(" .\n$").lower())
