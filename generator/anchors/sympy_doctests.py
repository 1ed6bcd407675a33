"""Human-written calculus that is on every machine: the examples in the docstrings of the installed SymPy (BSD-3).

The problem is the line of code as SymPy's authors wrote it, `integrate(x**2, x)`; the answer is the output that they
wrote below it, without a solution. Nothing is added to their text, and nothing of it is run: sources are parsed, not
imported. Examples are taken whose question `maths.compute` can recompute and whose names are plain symbols.
"""

import ast
import doctest
import re
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

from proofmill.anchors.tables import HumanRow
from proofmill.errors import InputError
from proofmill.verifiers.expressions import read
from proofmill.verifiers.expressions.nodes import is_unevaluated
from proofmill.verifiers.verdict import Unreadable

_FOLDERS = ("calculus", "concrete", "core", "functions", "integrals", "polys", "series", "simplify")
_ASKING = {
    "diff": ("differentiate", "Derivative"),
    "Derivative": ("differentiate", "Derivative"),
    "integrate": ("integrate", "Integral"),
    "Integral": ("integrate", "Integral"),
    "limit": ("limit", "Limit"),
    "Limit": ("limit", "Limit"),
    "summation": ("sum", "Sum"),
    "Sum": ("sum", "Sum"),
    "product": ("product", "Product"),
    "Product": ("product", "Product"),
}
_REWRITING = {
    "expand",
    "factor",
    "apart",
    "together",
    "cancel",
    "simplify",
    "trigsimp",
    "radsimp",
    "ratsimp",
    "powsimp",
}
_WORTH_PARSING = re.compile(r">>> .*\b(" + "|".join((*_ASKING, *_REWRITING)) + r")\(")
_CONSTANTS = {"pi", "oo", "E", "I"}
_LONGEST = 300


def doctest_rows() -> Iterator[HumanRow]:
    """One row for each usable example; a place is `file:name of the docstring's owner:number of the example`."""
    for path in _sources():
        source = path.read_text(encoding="utf-8")
        if not _WORTH_PARSING.search(source):
            continue
        where = path.relative_to(_root().parent).as_posix()
        for name, text in _docstrings(ast.parse(source)):
            yield from _rows_of(f"{where}:{name}", text)


def _root() -> Path:
    spec = find_spec("sympy")
    if spec is None or spec.origin is None:
        raise InputError("anchors: source sympy_doctests: expected SymPy to be installed (found nothing)")
    return Path(spec.origin).parent


def _sources() -> Iterator[Path]:
    for folder in _FOLDERS:
        yield from sorted(path for path in (_root() / folder).rglob("*.py") if "tests" not in path.parts)


def _docstrings(tree: ast.Module) -> Iterator[tuple[str, str]]:
    for node in ast.walk(tree):
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef)):
            text = ast.get_docstring(node)
            if text and _WORTH_PARSING.search(text):
                yield getattr(node, "name", "module"), text


def _rows_of(where: str, text: str) -> Iterator[HumanRow]:
    taken: set[str] = set()  # names that this docstring has given to something else than a symbol
    for number, example in enumerate(doctest.DocTestParser().get_examples(text)):
        source, answer = example.source.strip(), example.want.strip()
        taken |= _given_names(source)
        if not answer or "\n" in source + answer or "#" in source or len(source + answer) > _LONGEST:
            continue
        asked = _question(source)
        if asked is None or asked[2] & taken or not _usable(asked[1], answer):
            continue
        skill, expression, _ = asked
        yield HumanRow(source, "", answer, f"{where}:{number}", {"expression": expression}, skill)


def _given_names(source: str) -> set[str]:
    """Names that a line gives to anything but symbols."""
    try:
        lines = ast.parse(source).body
    except SyntaxError:
        return set()
    given: set[str] = set()
    for line in lines:
        if isinstance(line, ast.Assign) and not _makes_symbols(line.value):
            given |= {node.id for target in line.targets for node in ast.walk(target) if isinstance(node, ast.Name)}
        elif isinstance(line, (ast.FunctionDef, ast.ClassDef)):
            given.add(line.name)
    return given


def _makes_symbols(value: ast.expr) -> bool:
    """`symbols('x y')` without assumptions: what is true of positive integers alone is no fact about x."""
    maker = isinstance(value, ast.Call) and isinstance(value.func, ast.Name) and not value.keywords
    return maker and ast.unparse(value).startswith(("symbols(", "Symbol("))


def _question(source: str) -> tuple[str, str, set[str]] | None:
    """(skill, what is asked as an unevaluated expression, its names) of one line of code, or None."""
    try:
        call = ast.parse(source, mode="eval").body
    except SyntaxError:
        return None
    if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr == "doit":
        call = call.func.value if not call.args and not call.keywords else call
    if not isinstance(call, ast.Call) or call.keywords:
        return None
    method = isinstance(call.func, ast.Attribute)
    name = call.func.attr if isinstance(call.func, ast.Attribute) else ast.unparse(call.func)
    arguments = [call.func.value, *call.args] if isinstance(call.func, ast.Attribute) else call.args
    names = {node.id for argument in arguments for node in _names(argument)} - _CONSTANTS
    if name in _REWRITING and len(arguments) == 1:
        return ("rewrite", ast.unparse(arguments[0]), names) if names else None
    if name not in _ASKING or (method and name not in ("diff", "integrate", "limit")) or not arguments:
        return None
    skill, head = _ASKING[name]
    written = [ast.unparse(argument) for argument in arguments]
    if len(written) == 1 and len(names) == 1:
        written.append(next(iter(names)))  # integrate(x**2): the variable goes without saying
    return skill, f"{head}({', '.join(written)})", names


def _names(node: ast.expr) -> Iterator[ast.Name]:
    """Names used as values, not those of functions called."""
    called = {id(call.func) for call in ast.walk(node) if isinstance(call, ast.Call)}
    return (found for found in ast.walk(node) if isinstance(found, ast.Name) and id(found) not in called)


def _usable(expression: str, answer: str) -> bool:
    """Whether both can be read, and the answer is more than the question again."""
    try:
        question, value = read(expression), read(answer)
    except Unreadable:
        return False
    return question != value and not is_unevaluated(value)
