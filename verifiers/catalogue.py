"""The verifiers by name, what may be set on each, and one way to call them."""

import inspect
import math
import time
import traceback
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache, partial
from pathlib import Path
from typing import Any, Final

from proofmill.verifiers import (
    heat,
    logic_smt,
    maths_answer,
    maths_antiderivative,
    maths_arithmetic,
    maths_compute,
    maths_counting,
    maths_equal,
    maths_identity,
    maths_linear_algebra,
    maths_number_theory,
    maths_ode,
    maths_optimum,
    maths_solve,
    maths_steps,
    maths_word_problem,
    text_reading,
    text_statement,
)
from proofmill.verifiers.evidence import bounded
from proofmill.verifiers.settings import fits, in_words
from proofmill.verifiers.spec.kinds import KINDS
from proofmill.verifiers.spec.prompt import INSTANCES_PROMPT, describe
from proofmill.verifiers.verdict import Check, Draft, Unreadable, Verdict, unknown


@dataclass(frozen=True, slots=True)
class Verifier:
    """A check, the version its verdicts are cached under, and a draft that warms a worker up.

    `claims` tells a teacher, in words, what the check reads from a draft's claims; None where it reads none.
    """

    check: Callable[..., Verdict]
    version: str
    example: Draft
    claims: Callable[[], str] | None = None


CATALOGUE: Final[dict[str, Verifier]] = {
    "logic.smt": Verifier(logic_smt.check, logic_smt.VERSION, KINDS["logic"].example, partial(describe, "logic")),
    "maths.answer": Verifier(
        maths_answer.check,
        maths_answer.VERSION,
        Draft("Simplify sqrt(8).", r"The answer is \boxed{2\sqrt{2}}.", "sqrt(8)", claims={}),
    ),
    "maths.antiderivative": Verifier(
        maths_antiderivative.check,
        maths_antiderivative.VERSION,
        Draft("Integrate x cos x.", answer="x*sin(x) + cos(x) + C", claims={"integrand": "x*cos(x)"}),
        maths_antiderivative.claims,
    ),
    "maths.arithmetic": Verifier(
        maths_arithmetic.check,
        maths_arithmetic.VERSION,
        Draft("How many are left?", "16 eggs - 3 eggs = <<16-3=13>>13 eggs.\nA: 13"),
    ),
    "maths.compute": Verifier(
        maths_compute.check,
        maths_compute.VERSION,
        Draft("Integrate x sin x.", answer="pi", claims={"expression": "Integral(x*sin(x), (x, 0, pi))"}),
        maths_compute.claims,
    ),
    "maths.counting": Verifier(
        maths_counting.check, maths_counting.VERSION, KINDS["counting"].example, partial(describe, "counting")
    ),
    "maths.equal": Verifier(
        maths_equal.check,
        maths_equal.VERSION,
        Draft("", answer=r"\frac{1}{x-1} - \frac{1}{x+1}", gold="2/(x^2 - 1)"),
    ),
    "maths.identity": Verifier(
        maths_identity.check,
        maths_identity.VERSION,
        Draft("Expand (x + 1)^2.", answer="x^2 + 2x + 1", claims={"expression": "(x + 1)^2"}),
        maths_identity.claims,
    ),
    "maths.linear_algebra": Verifier(
        maths_linear_algebra.check,
        maths_linear_algebra.VERSION,
        Draft("det A?", answer="-2", claims={"operation": "determinant", "matrix": [[1, 2], [3, 4]]}),
        maths_linear_algebra.claims,
    ),
    "maths.number_theory": Verifier(
        maths_number_theory.check,
        maths_number_theory.VERSION,
        KINDS["number_theory"].example,
        partial(describe, "number_theory"),
    ),
    "maths.ode": Verifier(
        maths_ode.check,
        maths_ode.VERSION,
        Draft("Solve y' = y.", answer="y = C*e^x", claims={"equation": "y' = y"}),
        maths_ode.claims,
    ),
    "maths.optimum": Verifier(
        maths_optimum.check, maths_optimum.VERSION, KINDS["optimum"].example, partial(describe, "optimum")
    ),
    "maths.solve": Verifier(
        maths_solve.check,
        maths_solve.VERSION,
        Draft("Solve x^2 = 4.", answer="x = 2 or x = -2", claims={"equation": "x^2 = 4"}),
        maths_solve.claims,
    ),
    "maths.steps": Verifier(
        maths_steps.check,
        maths_steps.VERSION,
        Draft("Solve x^2 - 5x + 6 = 0.", claims={"lines": ["x^2 - 5x + 6 = 0", "(x-2)(x-3) = 0"]}),
    ),
    "maths.word_problem": Verifier(
        maths_word_problem.check,
        maths_word_problem.VERSION,
        KINDS["word_problem"].example,
        partial(describe, "word_problem"),
    ),
    "text.reading": Verifier(text_reading.check, text_reading.VERSION, KINDS["word_problem"].example),
    "text.statement": Verifier(text_statement.check, text_statement.VERSION, KINDS["word_problem"].example),
}


def verifier(name: str) -> Verifier:
    """The entry of a name; KeyError with the names there are."""
    try:
        return CATALOGUE[name]
    except KeyError:
        raise KeyError(f"no verifier {name!r}; there are: {', '.join(CATALOGUE)}") from None


@cache
def claims_format(names: tuple[str, ...], *, instances: bool = False) -> str:
    """What a draft's claims must hold for these verifiers, told to the teacher; "" where they read none.

    `instances` asks for cases that the spec must accept and refuse as well, where one of the verifiers reads them.

    Made by the code that reads the claims, so that prompt and parser can't drift apart.
    """
    told = [entry.claims() for name in names if (entry := verifier(name)).claims]
    told += [INSTANCES_PROMPT] if instances and any("instances" in setting_names(name) for name in names) else []
    return "\n\n".join(told)


def setting_names(name: str) -> tuple[str, ...]:
    """What can be set on a verifier, in alphabetical order; `seconds`, its wall-clock limit, on every one."""
    return tuple(sorted({*_parameters(name), "seconds"}))


def problems_with(name: str, settings: Mapping[str, Any]) -> list[str]:
    """What is wrong with a verifier's name or settings, one sentence each; empty if nothing is."""
    if name not in CATALOGUE:
        return [f"no verifier {name!r}; there are: {', '.join(CATALOGUE)}"]
    types_of = {**{key: found.annotation for key, found in _parameters(name).items()}, "seconds": float}
    found: list[str] = []
    for key, value in settings.items():
        if key not in types_of:
            found.append(f"{name} has no setting {key!r}; it takes: {', '.join(setting_names(name))}")
        elif not fits(value, types_of[key]):
            found.append(f"{name}: {key}: expected {in_words(types_of[key])} (found {value!r})")
        elif isinstance(value, float) and not math.isfinite(value):
            found.append(f"{name}: {key}: expected a finite number (found {value!r})")
        elif key == "seconds" and value <= 0:
            found.append(f"{name}: seconds: expected more than 0 (found {value!r})")
    return found


def run(check: Check, draft: Draft) -> Verdict:
    """One verdict, in this process: a text that can't be read is `unknown` with its reason.

    Anything else that a verifier raises is a bug, of ours or of an engine below us. It is `unknown: verifier_failed`
    with the error and its place as evidence, counted where everybody sees it: one draft that trips over a bug must
    not stop a run for ever. MemoryError and RecursionError pass through to the pool, which kills and counts.
    """
    entry = verifier(check.verifier)
    started = time.perf_counter()
    try:
        found = entry.check(draft, **check.settings)
    except Unreadable as why:
        found = unknown(why.reason, detail=str(why))
    except (MemoryError, RecursionError):
        raise
    except Exception as why:  # noqa: BLE001 - told in full in the verdict
        last = traceback.extract_tb(why.__traceback__)[-1]
        place = f"{Path(last.filename).name}:{last.lineno} {last.name}"
        found = unknown("verifier_failed", error=repr(why), place=place)
    seconds = time.perf_counter() - started
    evidence = bounded(found.evidence)
    return replace(found, evidence=evidence, seconds=seconds, verifier=check.verifier, version=entry.version)


def preheat() -> Iterator[None]:
    """Use each verifier once, so that a forked worker answers at once: first all that need no heavy engine, which are
    most of what people ask for, then the others step by step."""
    uses = [partial(run, Check(name), entry.example) for name, entry in CATALOGUE.items()]
    left = [use for use in uses if not heat.is_light(use)]
    for use in left:
        yield
        use()


def _parameters(name: str) -> dict[str, inspect.Parameter]:
    found = inspect.signature(verifier(name).check, eval_str=True).parameters
    return {key: part for key, part in found.items() if part.kind is inspect.Parameter.KEYWORD_ONLY}
