"""Texts made to hang, crash or take over a verifier, through the public function and the real workers."""

import time
from pathlib import Path
from typing import Any

import pytest

import proofmill
from proofmill.verifiers.pool import Pool, shared_pool

SECONDS = 2.0
"""The limit for one check here."""
RESTART = 6.0
"""What a worker's replacement may take on a busy machine."""

DEEP = "(" * 50_000 + "1" + ")" * 50_000
BOMBS = {
    "tower": "9**9**9",
    "taller tower": "9**9**9**9**9**9**9**9**9",
    "LaTeX tower": "9^{9^{9^{9}}}",
    "nested powers": "((((((((10**9)**9)**9)**9)**9)**9)**9)**9)",
    "factorial": "factorial(10**9)",
    "factorials": "((((9!)!)!)!)!",
    "binomial": "binomial(10**12, 5*10**11)",
    "import": "__import__('os').system('touch FILE')",
    "lambda": "(lambda: open('FILE', 'w'))()",
    "classes": "().__class__.__bases__[0].__subclasses__()",
    "exec": "exec(\"open('FILE', 'w').close()\")",
    "sympy import": 'sympify(\'open("FILE", "w")\')',
    "brackets": DEEP,
    "half brackets": "(" * 100_000,
    "braces": "{" * 50_000 + "}" * 50_000,
    "roots": "sqrt(" * 20_000 + "2" + ")" * 20_000,
    "fractions": r"\frac{" * 20_000 + "1" + "}{2}" * 20_000,
    "minus signs": "-" * 100_000 + "1",
    "Cyrillic": "\u0445 + \u0430",
    "fullwidth digits": "\uff11\uff18",
    "Arabic digits": "\u0661\u0668",
    "mathematical digits": "\U0001d7cf\U0001d7d6",
    "lookalike call": "\uff45\uff56\uff41\uff4c(1)",
    "zero width": "1\u200b8",
    "bidi": "\u202e81\u202c",
    "half a character": "\ud800",
    "nul": "1\x008",
    "huge LaTeX": r"\left(\frac{x^{2}+1}{\sqrt{x}}\right)" * 3_000,
    "many digits": "9" * 100_000,
    "many terms": "+".join(f"x**{n}" for n in range(20_000)),
    "zeros": "zeros(12000)",
    "ones": "Matrix(ones(9999, 9999)).det()",
    "range": "Sum(k**k, (k, 1, 10**9))",
    "product": "Product(k, (k, 1, 10**8))",
    "derivative": "Derivative(sin(x)**sin(x)**sin(x), (x, 200))",
    "integral": "Integral(exp(sin(x)**x)*log(tan(x)**x + x**x)/(x**5 + sqrt(x) + 1), x)",
    "definite integral": "Integral(sin(1/x)*exp(x**x**x), (x, 0, oo))",
    "limit": "Limit((x!)**(1/x!)**x, x, oo)",
    "infinite sum": "Sum(sin(k**k)/k, (k, 1, oo))",
    "expansion": "(a+b+c+d+e+f)**500",
    "nested sums": "Sum(Sum(Sum(Sum(i*j*k*l, (i, 1, 999)), (j, 1, 999)), (k, 1, 999)), (l, 1, 999))",
    "percent": "%" * 50_000,
    "equals": "1=" * 50_000,
    "markers": "#### 18\n" * 12_000,
    "boxes": r"\boxed{" * 20_000,
    "dollars": "$" * 100_000,
    "backslashes": "\\" * 100_000,
    "decimal": "1e999999999",
    "tiny": "1/10**(10**9)",
}
PLACES = ("solution", "answer", "gold", "expression")
VERIFIERS = ("maths.answer", "maths.arithmetic", "maths.compute")
SOUND = {"solution": "9 + 9 = 18\nA: 18", "answer": "18", "gold": "18", "claims": {"expression": "9 + 9"}}


def poisoned(bomb: str, place: str) -> dict[str, Any]:
    """A sound row in which one text is another."""
    if place == "expression":
        return {**SOUND, "claims": {"expression": bomb}}
    return {**SOUND, place: f"A: {bomb}\n9 + {bomb} = 18\nA: {bomb}" if place == "solution" else bomb}


@pytest.fixture(scope="module")
def watch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty folder in which the bombs would leave a file; the working directory of the workers."""
    return tmp_path_factory.mktemp("watched")


def test_no_bomb_harms_anything(watch: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each bomb, in each place, before each verifier: answered, never accepted, and its neighbours judged as ever."""
    monkeypatch.chdir(watch)
    rows: list[dict[str, Any]] = []
    for bomb in BOMBS.values():
        for place in PLACES:
            rows += [SOUND, poisoned(bomb.replace("FILE", str(watch / "made")), place)]
    rows.append(SOUND)
    judged = proofmill.verify(rows, verify=list(VERIFIERS), seconds=SECONDS)
    names = [f"{name} in {place}" for name in BOMBS for place in PLACES]
    assert [judgement.outcome for judgement in judged[::2]] == ["accept"] * (len(names) + 1)
    accepted = [name for name, judgement in zip(names, judged[1::2], strict=True) if judgement.outcome == "accept"]
    assert accepted == []
    slow = [
        (name, verdict.verifier, verdict.seconds)
        for name, judgement in zip(names, judged[1::2], strict=True)
        for verdict in judgement.verdicts
        if verdict.seconds > SECONDS + RESTART
    ]
    assert slow == []
    assert all(len(judgement.verdicts) == len(VERIFIERS) for judgement in judged)
    assert list(watch.iterdir()) == []


def test_a_lookalike_is_not_the_thing_itself() -> None:
    """Digits and letters of other scripts are never read as the ones they look like: undecided, not accepted."""
    for name in ("fullwidth digits", "Arabic digits", "mathematical digits", "zero width", "nul", "bidi"):
        rows = [{"answer": BOMBS[name], "gold": "18"}, {"answer": "18", "gold": BOMBS[name]}]
        assert [judgement.outcome for judgement in proofmill.verify(rows, verify=["maths.answer"])] == [
            "unknown"
        ] * 2, name
    [judgement] = proofmill.verify([{"answer": "\u0430", "gold": "a"}], verify=["maths.answer"])
    assert judgement.outcome != "accept"


def test_what_is_truly_equal_is_still_accepted() -> None:
    """A hard text is no reason to refuse: an unreduced fraction, a long sum and a big power are read."""
    rows = [
        {"answer": "36/2", "gold": "18"},
        {"answer": "+".join(["1"] * 18), "gold": "18"},
        {"answer": "2**10", "gold": "1024"},
        {"answer": "(" * 20 + "18" + ")" * 20, "gold": "18"},
    ]
    assert [judgement.outcome for judgement in proofmill.verify(rows, verify=["maths.answer"])] == ["accept"] * 4


def test_a_neighbour_waits_no_longer_than_a_restart() -> None:
    """Beside checks that run to their limit a sound draft is judged within that limit and a worker's replacement."""
    from proofmill.verifiers.verdict import Check, Draft

    bomb_draft = Draft("", "", "x", claims={"expression": BOMBS["definite integral"]})
    sound = Draft("", "A: 18", "18")
    with Pool(workers=2) as pool:
        pool.submit(sound, [Check("maths.answer")]).result(timeout=60)
        bomb = pool.submit(bomb_draft, [Check("maths.compute", seconds=SECONDS)])
        began = time.monotonic()
        verdicts = [pool.submit(sound, [Check("maths.answer")]).result(timeout=60)[0] for _ in range(20)]
        waited = time.monotonic() - began
        assert {verdict.outcome for verdict in verdicts} == {"accept"}
        assert waited < SECONDS + RESTART
        assert bomb.result(timeout=60)[0].reason == "out_of_time"


def test_the_pool_works_afterwards() -> None:
    """After all that the shared pool judges as before."""
    assert not shared_pool().closed
    assert proofmill.verify([SOUND], verify=list(VERIFIERS))[0].outcome == "accept"
