"""The brain of the test endpoint: writes calculus problems, solves most of them, and errs as models err."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from random import Random
from typing import Any

from calculus_reading import read_again

RIGHT_SHARE = 0.65
MENDED_SHARE = 0.85


@dataclass(frozen=True)
class Task:
    """A problem whose true answer is known, and the ways in which it is usually got wrong."""

    problem: str
    expression: str
    answer: str
    slips: tuple[str, ...]
    steps: str


def think(request: dict[str, Any]) -> str:
    """The content for one request: a pure function of its messages and seed."""
    messages = request["messages"]
    if messages[0]["content"].startswith("Here is a problem. Do not solve it"):
        return read_again(messages[0]["content"])
    text = "\n".join(str(message["content"]) for message in messages)
    random = Random(f"{request.get('seed', 0)}:{text}")
    said = [str(message["content"]) for message in messages if message["role"] == "assistant"]
    task = _again(said[-1]) if said else None
    right = MENDED_SHARE if task else RIGHT_SHARE
    return _written(random, task or _new_task(random, text), right=random.random() < right)


def _new_task(random: Random, text: str) -> Task:
    skill = re.search(r"^\W*skill\W+([\w -]+)", text, re.I | re.M)
    level = re.search(r"^\W*difficulty\W+(\d+)", text, re.I | re.M)
    word = skill[1].strip().lower() if skill else ""
    maker = next((make for start, make in _MAKERS.items() if start in word), None) or random.choice([*_MAKERS.values()])
    return maker(random, min(int(level[1]) if level else 1, 5))


def _again(said: str) -> Task | None:
    """The task of an earlier reply, read back from its expression."""
    claim = re.search(r'"expression": "(\w+)\((.+), (?:x|x, (\w+)|\(\w, (-?\d+), (-?\d+)\))\)"', said)
    if not claim:
        return None
    operator, f, _, low, high = claim.groups()
    if operator == "Limit":
        return _limit_of(*_limit_form(f))
    terms = [_read_term(part) for part in _parts(f.replace("k", "x"))]
    known = [term for term in terms if term]
    if len(known) < len(terms):
        return None
    if operator == "Sum":
        return _sum_of(int(known[0].factor), known[0].k, int(known[1].factor), int(high))
    if operator == "Integral":
        return _definite_of(known, int(low), int(high)) if high else _integral(known)
    return _derivative(known)


def _written(random: Random, task: Task, *, right: bool) -> str:
    answer = task.answer if right else random.choice(task.slips)
    solution = f"{task.steps}\nAnswer: {answer}"
    reply = {"problem": task.problem, "solution": solution, "answer": answer, "claims": {"expression": task.expression}}
    text = json.dumps(reply)
    mishap = random.random()
    if not right and mishap < 0.08:
        return f"Sure! Here is a problem for you.\n\n{task.problem}\n\n{solution}"
    if not right and mishap < 0.12:
        return text[: len(text) * 2 // 3]
    if random.random() < 0.2:
        return f"Let me think about a good problem first. {task.steps}\n\n```json\n{text}\n```"
    return text


# Sums of terms: their texts, derivatives and integrals.


@dataclass(frozen=True)
class Term:
    """c * x**k for "power", c * sin(k*x), c * cos(k*x), c * exp(k*x) for the others."""

    kind: str
    factor: Fraction
    k: int

    @property
    def text(self) -> str:
        return _times(self.factor, _power(self.k) if self.kind == "power" else f"{self.kind}({_inner(self.k)})")

    def derivative(self) -> "Term":
        if self.kind == "power":
            return Term("power", self.factor * self.k, max(self.k - 1, 0))
        kind, sign = {"sin": ("cos", 1), "cos": ("sin", -1), "exp": ("exp", 1)}[self.kind]
        return Term(kind, self.factor * sign * self.k, self.k)

    def integral(self) -> "Term":
        if self.kind == "power":
            return Term("power", self.factor / (self.k + 1), self.k + 1)
        kind, sign = {"sin": ("cos", -1), "cos": ("sin", 1), "exp": ("exp", 1)}[self.kind]
        return Term(kind, self.factor * sign / self.k, self.k)

    def without_chain_rule(self) -> "Term":
        """The derivative as it comes out when the inner factor is forgotten."""
        right = self.derivative()
        return right if self.kind == "power" else Term(right.kind, right.factor / self.k, self.k)


def _power(k: int) -> str:
    return {0: "", 1: "x"}.get(k, f"x**{k}")


def _inner(k: int) -> str:
    return "x" if k == 1 else f"{k}*x"


def _times(factor: Fraction, body: str) -> str:
    if not body or factor == 0:
        return str(factor)
    top = {1: "", -1: "-"}.get(factor.numerator, f"{factor.numerator}*") + body
    return top if factor.denominator == 1 else f"{top}/{factor.denominator}"


def _joined(terms: list[Term]) -> str:
    text = " + ".join(term.text for term in terms if term.factor).replace("+ -", "- ")
    return text or "0"


def _parts(text: str) -> list[str]:
    return text.replace(" - ", " + -").split(" + ")


def _read_term(text: str) -> Term | None:
    match = re.fullmatch(r"(-?)(\d+)?\*?(?:(sin|cos|exp)\((\d+)?\*?x\)|(x)(?:\*\*(\d+))?)?(?:/(\d+))?", text)
    if not match:
        return None
    sign, factor, kind, inner, variable, power, bottom = match.groups()
    number = Fraction(int(factor or 1), int(bottom or 1)) * (-1 if sign else 1)
    return Term(kind, number, int(inner or 1)) if kind else Term("power", number, int(power or 1) if variable else 0)


def _some_terms(random: Random, level: int) -> list[Term]:
    powers = random.sample(range(1, 4 + level), min(1 + random.randrange(2) + (level > 2), 3))
    terms = [Term("power", _factor(random), k) for k in sorted(powers, reverse=True)]
    kinds = random.sample(["sin", "cos", "exp"], min(max(level - 1, 0), 3))
    return terms + [Term(kind, _factor(random), random.randint(1, 1 + level)) for kind in kinds]


def _factor(random: Random) -> Fraction:
    return Fraction(random.choice([-1, 1, 1]) * random.randint(1, 9))


# The makers of tasks.


def _derivative(terms: list[Term]) -> Task:
    f, right = _joined(terms), [term.derivative() for term in terms]
    slips = [[*right[:-1], _bent(right[-1], Fraction(-1))], [_bent(right[0], Fraction(2)), *right[1:]]]
    chain = [term.without_chain_rule() for term in terms]
    slips.append(chain if chain != right else [terms[0], *right[1:]])
    return Task(
        f"Differentiate {f} with respect to x.",
        f"Derivative({f}, x)",
        _joined(right),
        tuple(_joined(slip) for slip in slips),
        f"Differentiate term by term: {f}. The derivative of the first term is {right[0].text}.",
    )


def _integral(terms: list[Term]) -> Task:
    f, right = _joined(terms), [term.integral() for term in terms]
    slips = ([*right[:-1], _bent(right[-1], Fraction(-1))], [_bent(right[0], Fraction(2)), *right[1:]])
    return Task(
        f"Find an antiderivative of {f} with respect to x.",
        f"Integral({f}, x)",
        _joined(right),
        tuple(_joined(slip) for slip in slips),
        f"Integrate term by term. The first term, {terms[0].text}, gives {right[0].text}.",
    )


def _bent(term: Term, by: Fraction) -> Term:
    return Term(term.kind, term.factor * by if term.factor else Fraction(1), term.k)


def _definite(random: Random, level: int) -> Task:
    terms = [Term("power", _factor(random), k) for k in sorted(random.sample(range(3 + level), 2), reverse=True)]
    return _definite_of(terms, random.randint(-2, 1), random.randint(2, 3 + level))


def _definite_of(terms: list[Term], low: int, high: int) -> Task:
    inside = [term.integral() for term in terms]
    at = [sum((term.factor * end**term.k for term in inside), Fraction(0)) for end in (low, high)]
    f = _joined(terms)
    return _numeric(
        f"Compute the definite integral of {f} from x = {low} to x = {high}.",
        f"Integral({f}, (x, {low}, {high}))",
        at[1] - at[0],
        f"An antiderivative is {_joined(inside)}. Subtract its value at {low} from its value at {high}.",
    )


def _limit(random: Random, level: int) -> Task:
    a, b, c = random.randint(2, 9 + level), random.randint(2, 9 + level), random.randint(1, 9)
    return _limit_of(random.randrange(5), a, b, c)


def _limit_form(f: str) -> tuple[int, int, int, int]:
    """Which of the five limits `f` is, and its numbers a, b, c."""
    numbers = [int(number) for number in re.findall(r"\d+", f)]
    form = next(i for i, start in enumerate(("sin", "(exp", "(1", "(x", "(")) if f.startswith(start))
    a, b, c = [(0, 1, 0), (0, 2, 0), (1, 2, 0), (2, 2, 0), (0, 3, 2)][form]
    return form, numbers[a], numbers[b], numbers[c]


def _limit_of(form: int, a: int, b: int, c: int) -> Task:
    f, point, value = [
        (f"sin({a}*x)/({b}*x)", "0", Fraction(a, b)),
        (f"(exp({a}*x) - 1)/({b}*x)", "0", Fraction(a, b)),
        (f"(1 - cos({a}*x))/({b}*x**2)", "0", Fraction(a * a, 2 * b)),
        (f"(x**2 - {a * a})/(x - {a})", str(a), Fraction(2 * a)),
        (f"({a}*x**2 + {c})/({b}*x**2 + x)", "oo", Fraction(a, b)),
    ][form]
    where = "tends to infinity" if point == "oo" else f"approaches {point}"
    steps = f"Look at how numerator and denominator of {f} behave as x {where}."
    return _numeric(f"Find the limit of {f} as x {where}.", f"Limit({f}, x, {point})", value, steps)


def _sum(random: Random, level: int) -> Task:
    a, b, n = random.randint(1, 9), random.randint(1, 9), random.randint(4, 10 + 10 * level)
    return _sum_of(a, random.randint(1, min(level, 3)), b, n)


def _sum_of(a: int, power: int, b: int, n: int) -> Task:
    f = f"{_times(Fraction(a), 'k' if power == 1 else f'k**{power}')} + {b}"
    value = Fraction(sum(a * k**power + b for k in range(1, n + 1)))
    steps = f"Split the sum of {f} and use the formula for the sum of the powers of k."
    return _numeric(f"Compute the sum of {f} for k from 1 to {n}.", f"Sum({f}, (k, 1, {n}))", value, steps)


def _numeric(problem: str, expression: str, value: Fraction, steps: str) -> Task:
    slips = (value + 1, -value or Fraction(1), 2 * value or Fraction(2), value - 2)
    return Task(problem, expression, str(value), tuple(str(slip) for slip in slips), steps)


_MAKERS: dict[str, Callable[[Random, int], Task]] = {
    "antideriv": lambda random, level: _integral(_some_terms(random, level)),
    "indef": lambda random, level: _integral(_some_terms(random, level)),
    "diff": lambda random, level: _derivative(_some_terms(random, level)),
    "deriv": lambda random, level: _derivative(_some_terms(random, level)),
    "integ": _definite,
    "limit": _limit,
    "sum": _sum,
    "series": _sum,
}
