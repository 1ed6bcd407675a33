"""The sample space of a counting problem: named draws, and the values that each may take."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal, TypeAlias

from proofmill.verifiers.spec.fields import checked_name, exact_number
from proofmill.verifiers.spec.language import NAME, RESERVED
from proofmill.verifiers.spec.model import BadSpec, Scope, Variable

NAMES, VALUES = 40, 200
KINDS = ("product", "permutation", "combination")
_Row: TypeAlias = list[tuple[Any, Fraction]]


@dataclass(frozen=True, slots=True)
class Space:
    """`product`: each name takes any value of its own row; `permutation`: the names take different items of one row,
    in order; `combination`: the same without order.

    A row holds values with weights: in a product how likely each value is, else how many items of it there are.
    `alike` says that outcomes that look the same are one.
    """

    kind: Literal["product", "permutation", "combination"]
    names: tuple[str, ...]
    rows: tuple[tuple[tuple[Any, Fraction], ...], ...]
    alike: bool
    scope: Scope


def read_space(value: object, place: str, _scope: Scope) -> Space:
    """The space of a JSON object with one of the keys product, permutation, combination."""
    if not isinstance(value, Mapping) or sum(kind in value for kind in KINDS) != 1:
        raise BadSpec(f"{place}: expected an object with one of the keys {', '.join(KINDS)} (found {value!r:.80})")
    kind = next(kind for kind in KINDS if kind in value)
    allowed = {kind} if kind == "product" else {kind, "values", "alike"}
    if extra := sorted(map(str, set(value) - allowed)):
        raise BadSpec(f"{place}.{extra[0]}: expected no such key (it takes: {', '.join(sorted(allowed))})")
    return _product(value[kind], f"{place}.{kind}") if kind == "product" else _selection(value, kind, place)


def _product(value: object, place: str) -> Space:
    if not isinstance(value, Mapping) or not 1 <= len(value) <= NAMES:
        raise BadSpec(f"{place}: expected an object of 1 to {NAMES} names (found {value!r:.80})")
    rows = {checked_name(name, place): _values(row, f"{place}.{name}") for name, row in value.items()}
    codes: dict[str, int] = {}
    variables = {name: _variable(name, row, codes, f"{place}.{name}") for name, row in rows.items()}
    coded = tuple(tuple((codes.get(item, item), weight) for item, weight in row) for row in rows.values())
    return Space("product", tuple(rows), coded, False, _scope_of(variables, codes, place))


def _selection(value: Mapping[str, Any], kind: str, place: str) -> Space:
    names = value[kind]
    if not isinstance(names, list) or not 1 <= len(names) <= NAMES:
        raise BadSpec(f"{place}.{kind}: expected a list of 1 to {NAMES} names (found {names!r:.80})")
    names = [checked_name(name, f"{place}.{kind}") for name in names]
    alike = value.get("alike", False)
    if len(set(names)) < len(names) or not isinstance(alike, bool):
        raise BadSpec(f"{place}: expected different names, and true or false for alike (found {names!r:.80})")
    row = _values(value.get("values"), f"{place}.values")
    if any(times.denominator != 1 or times > VALUES for _, times in row):
        raise BadSpec(f"{place}.values: expected how many items there are of each kind")
    codes: dict[str, int] = {}
    variables = {name: _variable(name, row, codes, f"{place}.{kind}") for name in names}
    counted: Counter[int] = Counter()
    for item, times in row:
        counted[codes[item] if isinstance(item, str) else item] += int(times)
    if counted.total() < len(names):
        raise BadSpec(f"{place}.values: expected at least {len(names)} items (found {counted.total()})")
    items = tuple((item, Fraction(times)) for item, times in sorted(counted.items()))
    return Space(kind, tuple(names), (items,), alike, _scope_of(variables, codes, place))  # type: ignore[arg-type]


def _scope_of(variables: dict[str, Variable], codes: dict[str, int], place: str) -> Scope:
    if both := sorted(set(variables) & set(codes)):
        raise BadSpec(f"{place}: expected {both[0]!r} as a name or as a value, not both")
    return Scope(variables, codes)


def _values(value: object, place: str) -> _Row:
    """(value, weight) of `"1..6"`, of a list, or of an object {value: weight or how many}."""
    if isinstance(value, str) and value.count("..") == 1:
        first, last = (_integer(part, place) for part in value.split(".."))
        if not 0 <= last - first < VALUES:
            raise BadSpec(f"{place}: expected a range of 1 to {VALUES} integers (found {value!r:.80})")
        return [(number, Fraction(1)) for number in range(first, last + 1)]
    if isinstance(value, list) and 1 <= len(value) <= VALUES:
        return [(_item(item, place), Fraction(1)) for item in value]
    if isinstance(value, Mapping) and 1 <= len(value) <= VALUES:
        return [(_item(_key(key), place), _weight(times, f"{place}.{key}")) for key, times in value.items()]
    raise BadSpec(f'{place}: expected "1..6", a list or {{value: weight}} (found {value!r:.80})')


def _integer(text: str, place: str) -> int:
    found = _key(text.strip())
    if not isinstance(found, int):
        raise BadSpec(f"{place}: expected an integer (found {text!r:.80})")
    return found


def _key(key: object) -> object:
    text = str(key)
    digits = text.removeprefix("-")
    return int(text) if digits.isascii() and digits.isdecimal() and len(text) <= 12 else text


def _item(value: object, place: str) -> Any:
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) <= 10**12:
        return value
    if isinstance(value, str) and NAME.fullmatch(value) and value not in RESERVED:
        return value
    raise BadSpec(f"{place}: expected an integer or a name (found {value!r:.80})")


def _weight(value: object, place: str) -> Fraction:
    found = exact_number(value, place)
    if found <= 0:
        raise BadSpec(f"{place}: expected a positive number (found {value!r:.80})")
    return found


def _variable(name: str, row: _Row, codes: dict[str, int], place: str) -> Variable:
    named = [item for item, _ in row if isinstance(item, str)]
    for item in named:
        codes.setdefault(item, len(codes))
    if not named:
        return Variable(name, "integer")
    if len(named) < len(row):
        raise BadSpec(f"{place}: expected names or integers, not both")
    return Variable(name, "choice", values=tuple(dict.fromkeys(named)))
