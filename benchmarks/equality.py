"""Our comparisons beside math-verify's, on the same pairs in one run: accuracy, false accepts, cost, hostile texts.

    python benchmarks/equality.py [--pairs FILE.jsonl] [--steps FILE.jsonl] [--hostile] [--alone]

Without a file the pairs are our own, made by rewriting rules. A file holds `gold`, `pred`, `kind`, `expected` in each
row; rows marked `disputed`, `contested`, `policy` or `portable: false` stay out. Ours runs in the shared pool, theirs
in one process that does nothing else; both are warm (they have seen all pairs once) and both are counted in seconds of
processor time, our pool's parent included. Their side needs `pip install math-verify==0.9.0`.
"""

import argparse
import json
import os
import re
import resource
import subprocess
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from proofmill.verifiers import equal_many, steps
from proofmill.verifiers.pool import shared_pool
from proofmill.verifiers.verdict import Verdict

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))
from hostile_inputs import HOSTILE
from rewritten_pairs import pairs as rewritten

THEIRS = Path(__file__).with_name("math_verify_alone.py")
TRUE_MARKS = {"EQUIVCHAR", "CHECKMARK", "SAMEROOTS", "EQUIVCHARREAL", "EQUATECOEFFLOSS", "EQUATECOEFFGAIN"}
NOT_A_STEP = {"EMPTYCHAR", "ASSUMEPOSVARS", "ASSUMEREALVARS"}


@dataclass(frozen=True, slots=True)
class Pair:
    """Two texts, and whether they are equal; `policy` as JSON, for pairs with a policy of their own."""

    gold: str
    pred: str
    kind: str
    expected: bool
    policy: str = "{}"


@dataclass(frozen=True, slots=True)
class Measured:
    """Outcomes in the order of the pairs; processor seconds, verdicts in them, and the largest process in MB."""

    outcomes: list[str]
    cpu_seconds: float
    megabytes: float

    @property
    def rate(self) -> float:
        """Verdicts per processor second."""
        return len(self.outcomes) / max(self.cpu_seconds, 1e-9)


# The pairs -----------------------------------------------------------------------------------------------------------


def read_pairs(path: Path | None) -> list[Pair]:
    """Those of a file that nobody disputes, or our own."""
    if path is None:
        return [Pair(gold, pred, "equiv", same) for gold, pred, same in rewritten(1_400)]
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]
    sound = [row for row in rows if row.get("portable") is not False and not _doubtful(row)]
    return [Pair(row["gold"], row["pred"], _kind(row), row["expected"], _policy(row)) for row in sound]


def _doubtful(row: dict[str, Any]) -> bool:
    return any(row.get(mark) for mark in ("disputed", "contested", "policy"))


def _kind(row: dict[str, Any]) -> str:
    """A row that waives the constant of integration is a plain antiderivative."""
    return "antiderivative" if "NOCONST" in str(row.get("opt")) else str(row["kind"])


def _policy(row: dict[str, Any]) -> str:
    """The distance that a row's `opt` allows, in our words."""
    names = {"num-abs": "tolerance", "num-rel": "relative"}
    return json.dumps({names[row["kind"]]: row["opt"]} if row["kind"] in names and row.get("opt") else {})


# The two sides -------------------------------------------------------------------------------------------------------


def ours(pairs: Sequence[Pair], passes: int = 1) -> Measured:
    """In the shared pool: the last pass counts."""
    outcomes: list[str] = []
    spent = 0.0
    for _ in range(passes):
        before = _pool_seconds()
        outcomes = [verdict.outcome for verdict in judged(pairs)]
        spent = _pool_seconds() - before
    return Measured(outcomes, spent, _largest())


def judged(pairs: Sequence[Pair]) -> list[Verdict]:
    """Verdicts in order; pairs of one policy go together."""
    places: dict[str, list[int]] = defaultdict(list)
    for place, pair in enumerate(pairs):
        places[pair.policy].append(place)
    found: dict[int, Verdict] = {}
    for policy, numbers in places.items():
        rows = [{"gold": pairs[n].gold, "pred": pairs[n].pred, "kind": pairs[n].kind} for n in numbers]
        found.update(zip(numbers, equal_many(rows, policy=json.loads(policy)), strict=True))
    return [found[place] for place in range(len(pairs))]


def _pool_seconds() -> float:
    """Processor seconds of this process, the zygote, its workers, and those of its workers that it has buried."""
    mine = resource.getrusage(resource.RUSAGE_SELF)
    ticks = sum(sum(_times(pid)) for pid in shared_pool().process_ids)
    return mine.ru_utime + mine.ru_stime + ticks / os.sysconf("SC_CLK_TCK")


def _times(pid: int) -> list[int]:
    """utime, stime, cutime, cstime of a process, in ticks."""
    return [int(field) for field in Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()[11:15]]


def _largest() -> float:
    """The most memory that any process of the pool has had, in MB; it shares most of it with the others."""
    status = "".join(Path(f"/proc/{pid}/status").read_text("ascii") for pid in shared_pool().process_ids)
    return max(int(peak) for peak in re.findall(r"VmHWM:\s+(\d+)", status)) / 1024


def theirs(pairs: Sequence[Pair], passes: int = 1) -> Measured | None:
    """math-verify in a process of its own; None where it is not installed."""
    rows = [[pair.gold, pair.pred, pair.kind] for pair in pairs]
    command = [sys.executable, str(THEIRS), str(passes)]
    done = subprocess.run(command, input=json.dumps(rows), capture_output=True, text=True, check=False)
    if done.returncode:
        print(f"math-verify does not run here: {done.stderr.strip().splitlines()[-1:]}")
        return None
    outcomes, spent, megabytes = json.loads(done.stdout)
    return Measured(outcomes, spent, megabytes)


def both(pairs: Sequence[Pair], *, alone: bool) -> dict[str, Measured]:
    """Both sides, or ours alone."""
    sides = {"proofmill": ours(pairs, 3)}
    if not alone and (measured := theirs(pairs, 2)) is not None:
        sides["math-verify 0.9"] = measured
    return sides


# The tables ----------------------------------------------------------------------------------------------------------


def count(pairs: Iterable[Pair], outcomes: Iterable[str]) -> Counter[str]:
    """How often: right, false accept, false reject, unknown (never right here)."""
    found: Counter[str] = Counter()
    for pair, outcome in zip(pairs, outcomes, strict=True):
        if outcome == "unknown":
            found["unknown"] += 1
        elif (outcome == "accept") == pair.expected:
            found["right"] += 1
        else:
            found["false accept" if outcome == "accept" else "false reject"] += 1
    return found


def table(pairs: Sequence[Pair], sides: dict[str, Measured]) -> None:
    """Per kind and side."""
    print("\n| kind | pairs | judge | decided right | false accepts | false rejects | unknown |\n" + "|---" * 7 + "|")
    for kind in [*dict.fromkeys(pair.kind for pair in pairs), "all"]:
        places = [place for place, pair in enumerate(pairs) if kind in {pair.kind, "all"}]
        chosen = [pairs[place] for place in places]
        for judge, measured in sides.items():
            found = count(chosen, [measured.outcomes[place] for place in places])
            print(
                f"| {kind} | {len(chosen)} | {judge} | {found['right'] / len(chosen):.3f} | {found['false accept']} | "
                f"{found['false reject']} | {found['unknown']} |"
            )


def costs(what: str, sides: dict[str, Measured]) -> None:
    """Verdicts per processor second, and the ratio."""
    print(f"\n{what}\n\n| judge | verdicts per CPU-second, warm | largest process |\n|---|---|---|")
    for judge, measured in sides.items():
        print(f"| {judge} | {measured.rate:,.0f} | {measured.megabytes:.0f} MB |")
    if len(sides) == 2:
        one, two = sides.values()
        print(f"\nRatio {one.rate / two.rate:.0f} (goal: 30)")


def hostile() -> None:
    """Every hostile text as prediction, as gold and on both sides, for the kinds that people use most."""
    kinds = ("answer", "equiv", "antiderivative")
    cases = [
        (name, Pair(gold, pred, kind, expected=False))
        for name, text in HOSTILE.items()
        for kind in kinds
        for gold, pred in ((text, "18"), ("18", text), (text, f"{text}*x+1"))
    ]
    began = time.monotonic()
    verdicts = judged([pair for _, pair in cases])
    seconds = time.monotonic() - began
    slowest = sorted(zip(verdicts, cases, strict=True), key=lambda item: -item[0].seconds)[:5]
    accepted = [name for verdict, (name, _) in zip(verdicts, cases, strict=True) if verdict.outcome == "accept"]
    pool = shared_pool()
    print(
        f"\nHostile battery: {len(HOSTILE)} texts, {len(cases)} comparisons in {seconds:.1f} s; accepted: {accepted}; "
        f"worst {slowest[0][0].seconds:.2f} s; largest worker {_largest():.0f} MB; killed {pool.killed}, crashed "
        f"{pool.crashed}"
    )
    for verdict, (name, pair) in slowest:
        print(f"  {verdict.seconds:.3f} s  {name} ({pair.kind}): {verdict.outcome} {verdict.reason}")


def derivations(path: Path) -> None:
    """Adjacent lines: does the second have the solutions of the first?"""
    found: Counter[str] = Counter()
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]
    for row in rows:
        verdicts = steps(row["lines"])
        for verdict, mark in zip(verdicts, row["line_verdicts"][1:], strict=True):
            base = mark.partition("(")[0]
            if row.get("opt") or base in NOT_A_STEP:
                continue
            expected = "accept" if base in TRUE_MARKS else "reject"
            found["unknown" if verdict.outcome == "unknown" else "right" if verdict.outcome == expected else base] += 1
    total = sum(found.values())
    print(
        f"\nDerivation lines: {found['right']} of {total} decided right ({found['right'] / total:.3f}); {dict(found)}"
    )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pairs", type=Path)
    parser.add_argument("--steps", type=Path)
    parser.add_argument("--hostile", action="store_true")
    parser.add_argument("--alone", action="store_true", help="leave math-verify out")
    options = parser.parse_args()
    pairs = read_pairs(options.pairs)
    sides = both(pairs, alone=options.alone)
    table(pairs, sides)
    costs("All pairs", sides)
    if plain := [pair for pair in pairs if pair.kind == "answer"]:
        costs("Plain comparisons: answers beside answers", both(plain, alone=options.alone))
    if options.steps:
        derivations(options.steps)
    if options.hostile:
        hostile()


if __name__ == "__main__":
    main()
