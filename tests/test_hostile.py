"""Texts made to hang, crash or take over a verifier, through the public function and the real workers."""

import re
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

import proofmill
from hostile_inputs import HOSTILE, KINDS
from proofmill.verifiers import equal, equal_many
from proofmill.verifiers.pool import Pool, shared_pool

SECONDS = 2.0
"""The limit for one check here."""
RESTART = 6.0
"""What a worker's replacement may take on a busy machine."""

BOMBS = HOSTILE
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


def comparisons(kinds: Iterable[str]) -> list[tuple[str, dict[str, str]]]:
    """Each text as prediction, as gold, and on both sides, once with `*x+1`, for each kind."""
    found = []
    for name, text in BOMBS.items():
        sides = ((text, "18"), ("18", text), (text, f"{text}*x+1"))
        for kind in kinds:
            found += [(f"{name}: {kind}", {"gold": gold, "pred": pred, "kind": kind}) for gold, pred in sides]
    return found


@pytest.mark.parametrize("kinds", [("answer", "equiv"), pytest.param(KINDS, marks=pytest.mark.slow)])
def test_no_text_hangs_a_comparison(kinds: tuple[str, ...]) -> None:
    """At least 60 texts in every place: each answered within a second of computing, none accepted, nothing harmed.

    The worker's memory ends far below 512 MB (what it shares with the others included), and neighbours are judged.
    """
    assert len(BOMBS) >= 60
    cases = comparisons(kinds)
    pairs = [pair for _, pair in cases for pair in (pair, {"gold": "18", "pred": "36/2"})]
    crashed = shared_pool().crashed
    verdicts = equal_many(pairs)
    assert {verdict.outcome for verdict in verdicts[1::2]} == {"accept"}
    named = list(zip((name for name, _ in cases), verdicts[::2], strict=True))
    assert [name for name, verdict in named if verdict.outcome == "accept"] == []
    assert [(name, verdict.seconds) for name, verdict in named if verdict.seconds > 5.0] == []
    assert [name for name, verdict in named if verdict.reason in {"crashed", "verifier_failed"}] == []
    assert shared_pool().crashed == crashed
    assert max(megabytes(pid) for pid in shared_pool().process_ids) < 512


def megabytes(pid: int) -> float:
    """The most memory that a process has had; 0 where the kernel does not say."""
    status = Path(f"/proc/{pid}/status")
    found = re.search(r"VmHWM:\s+(\d+)", status.read_text("ascii")) if status.exists() else None
    return int(found[1]) / 1024 if found else 0.0


def test_a_lookalike_is_not_the_thing_itself() -> None:
    """Digits and letters of other scripts are never read as the ones they look like: undecided, not accepted."""
    for name in ("fullwidth digits", "Arabic digits", "mathematical digits", "zero width", "nul", "bidi"):
        rows = [{"answer": BOMBS[name], "gold": "18"}, {"answer": "18", "gold": BOMBS[name]}]
        assert [judgement.outcome for judgement in proofmill.verify(rows, verify=["maths.answer"])] == [
            "unknown"
        ] * 2, name
        assert [equal(BOMBS[name], "18", kind=kind).outcome for kind in ("answer", "equiv")] == ["unknown"] * 2, name
    [judgement] = proofmill.verify([{"answer": "\u0430", "gold": "a"}], verify=["maths.answer"])
    assert judgement.outcome != "accept"


def test_what_is_truly_equal_is_still_accepted() -> None:
    """A hard text is no reason to refuse: an unreduced fraction, a long sum and a big power are read."""
    assert equal("(" * 20 + "18" + ")" * 20, "9 + 9", kind="equiv").outcome == "accept"
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

    slow = "Integral(log(x)*sqrt(x)/(1 + x**2), (x, 0, 1))"  # SymPy looks for it for seconds
    bomb_draft = Draft("", "", "x", claims={"expression": slow})
    sound = Draft("", "A: 18", "18")
    with Pool(workers=2) as pool:
        pool.submit(sound, [Check("maths.answer")]).result(timeout=60)
        bomb = pool.submit(bomb_draft, [Check("maths.compute", seconds=SECONDS / 4)])
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
