"""How each field of a spec is read: JSON in, frozen values out, and every mistake with its place."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final

from proofmill.verifiers.expressions import exact
from proofmill.verifiers.expressions.grammar import read
from proofmill.verifiers.spec.language import NAME, RESERVED, expression, statement
from proofmill.verifiers.spec.model import BadSpec, Scope, Type, Variable, Written
from proofmill.verifiers.verdict import Unreadable

VARIABLES, STATEMENTS, CHOICES = 60, 100, 30

VARIABLE_KEYS: Final[dict[str, str]] = {
    "type": '"integer", "real", "boolean" or "choice"',
    "min": "the least value of a number, itself allowed",
    "max": "the largest value of a number, itself allowed",
    "values": 'the names that a choice can take, ["red", "green"]',
    "true": 'what a boolean that is true is called in the answer, "knight"',
    "false": 'what a boolean that is false is called in the answer, "knave"',
}
"""What a variable's object may hold; the prompt and the reader both take it from here."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One thing that is asked: how the answer calls it, and the text that says what it is."""

    name: str
    written: Written
    variable: Variable | None = None


def read_variables(value: object, place: str, _scope: Scope) -> Scope:
    """Names with their types; a bare type is short for {"type": ...}."""
    if not isinstance(value, Mapping) or not 1 <= len(value) <= VARIABLES:
        raise BadSpec(f"{place}: expected an object of 1 to {VARIABLES} variables (found {value!r:.80})")
    found: dict[str, Variable] = {}
    codes: dict[str, int] = {}
    for name, entry in value.items():
        checked_name(name, place)
        found[name] = _variable(name, {"type": entry} if isinstance(entry, str) else entry, f"{place}.{name}")
        if found[name].type == "choice":
            for item in found[name].values:
                codes.setdefault(item, len(codes))
    if both := sorted(set(codes) & set(found)):
        raise BadSpec(f"{place}.{both[0]}: expected a name that is not also a choice")
    return Scope(found, codes)


def checked_name(name: object, place: str) -> str:
    """A name that is free: letters, digits, underscores, no word of the language."""
    if not isinstance(name, str) or not NAME.fullmatch(name) or name in RESERVED:
        raise BadSpec(f"{place}: expected a name of letters and digits, no word of the language (found {name!r:.80})")
    return name


def _variable(name: str, entry: object, place: str) -> Variable:
    if not isinstance(entry, Mapping):
        raise BadSpec(f"{place}: expected a type or an object (found {entry!r:.80})")
    if extra := sorted(map(str, set(entry) - set(VARIABLE_KEYS))):
        raise BadSpec(f"{place}.{extra[0]}: expected no such key (it takes: {', '.join(VARIABLE_KEYS)})")
    given = entry.get("type")
    kind: Any = given if isinstance(given, str) else None
    if kind not in _TAKES:
        raise BadSpec(f"{place}.type: expected {VARIABLE_KEYS['type']} (found {given!r:.80})")
    if wrong := sorted(set(entry) - {"type"} - _TAKES[kind]):
        raise BadSpec(f"{place}.{wrong[0]}: expected nothing of the kind for type {kind}")
    low, high = (exact_number(entry[key], f"{place}.{key}") if key in entry else None for key in ("min", "max"))
    if low is not None and high is not None and low > high:
        raise BadSpec(f"{place}: expected min at most max (found {low} and {high})")
    return Variable(name, kind, low, high, _names_of(entry, kind, place))


_TAKES: Final[dict[Any, set[str]]] = {
    "integer": {"min", "max"},
    "real": {"min", "max"},
    "boolean": {"true", "false"},
    "choice": {"values"},
}


def _names_of(entry: Mapping[str, Any], kind: Type, place: str) -> tuple[str, ...]:
    if kind == "boolean":
        words = (entry.get("false", "false"), entry.get("true", "true"))
        if not all(isinstance(word, str) and 0 < len(word) <= 40 for word in words) or words[0] == words[1]:
            raise BadSpec(f"{place}: expected two different words for true and false (found {words!r:.80})")
        return words
    if kind != "choice":
        return ()
    values = entry.get("values")
    if not isinstance(values, list) or not 2 <= len(values) <= CHOICES:
        raise BadSpec(f"{place}.values: expected a list of 2 to {CHOICES} names (found {values!r:.80})")
    names = tuple(checked_name(item, f"{place}.values") for item in values)
    if len(set(names)) < len(names):
        raise BadSpec(f"{place}.values: expected different names (found {values!r:.80})")
    return names


def exact_number(value: object, place: str) -> Fraction:
    """A JSON number, or the text of an exact one: 3, 0.5, "1/3", "20%"."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        value = str(value)
    if isinstance(value, str) and len(value) <= 40:
        percent = value.strip().endswith("%")
        try:
            found = exact.value(read(value.strip().rstrip("%")))
        except Unreadable:
            found = None
        if found is not None:
            return found / 100 if percent else found
    raise BadSpec(f"{place}: expected an exact number (found {value!r:.80})")


def read_statements(value: object, place: str, scope: Scope) -> tuple[Written, ...]:
    """A list of texts that must hold."""
    if not isinstance(value, list) or len(value) > STATEMENTS:
        raise BadSpec(f"{place}: expected a list of at most {STATEMENTS} statements (found {value!r:.80})")
    return tuple(statement(text, f"{place}[{index}]", scope) for index, text in enumerate(value))


def read_statement(value: object, place: str, scope: Scope) -> Written:
    """One text that is true or false."""
    return statement(value, place, scope)


def read_expression(value: object, place: str, scope: Scope) -> Written:
    """One text that is a number."""
    return expression(value, place, scope)


def read_asked(value: object, place: str, scope: Scope) -> tuple[Asked, ...]:
    """ "all", a list of names, or one expression or statement."""
    if value == "all":
        value = list(scope.variables)
    if isinstance(value, list):
        if not value or not all(isinstance(name, str) and name in scope.variables for name in value):
            raise BadSpec(f"{place}: expected names of variables (found {value!r:.80})")
        return tuple(_asked(name, f"{place}[{index}]", scope) for index, name in enumerate(value))
    if isinstance(value, str) and value in scope.variables:
        return (_asked(value, place, scope),)
    try:
        return (Asked("", expression(value, place, scope)),)
    except BadSpec as why:
        try:
            return (Asked("", statement(value, place, scope)),)
        except BadSpec:
            raise why from None


def _asked(name: str, place: str, scope: Scope) -> Asked:
    from proofmill.verifiers.expressions.nodes import Symbol

    return Asked(name, Written(name, place, Symbol(name)), scope.variables[name])


def read_numbers(value: object, place: str, _scope: Scope) -> tuple[Fraction, ...]:
    """A list of exact numbers."""
    if not isinstance(value, list) or len(value) > STATEMENTS:
        raise BadSpec(f"{place}: expected a list of numbers (found {value!r:.80})")
    return tuple(exact_number(item, f"{place}[{index}]") for index, item in enumerate(value))


def read_variable_name(value: object, place: str, _scope: Scope) -> Scope:
    """The one integer variable that is searched for."""
    name = checked_name(value, place)
    return Scope({name: Variable(name, "integer")})


def read_integer(value: object, place: str, _scope: Scope) -> int:
    """An integer, also as the text of an exact number: 1000, "10^6"."""
    found = exact_number(value, place)
    if found.denominator != 1:
        raise BadSpec(f"{place}: expected an integer (found {value!r:.80})")
    return found.numerator
