"""Tokens to a tree: one recursive-descent grammar for plain text and LaTeX, bounded in depth and size."""

from proofmill.verifiers.expressions import calls, commands, exact, limits
from proofmill.verifiers.expressions.cursor import Cursor
from proofmill.verifiers.expressions.heads import (
    CALCULUS_NAMES,
    CONSTANTS,
    FUNCTIONS,
    INVERSE,
    NEVER_FACTORS,
    WITHOUT_PARENTHESES,
)
from proofmill.verifiers.expressions.lexer import END, GROUP_CLOSE, GROUP_OPEN, tokens_of
from proofmill.verifiers.expressions.nodes import Call, Constant, Node, Number, Symbol, number
from proofmill.verifiers.verdict import Unreadable

_RELATIONS = {"=": "Eq", "!=": "Ne", "<": "Lt", "<=": "Le", ">": "Gt", ">=": "Ge"}
_BRACKETS = {"()": "Tuple", "[]": "List", "{}": "Set", "[)": "IntervalClosedOpen", "(]": "IntervalOpenClosed"}
_CLOSING = {"(": ")]", "[": "])", "{": "}"}


def read(text: str) -> Node:
    """The tree of a text; raises Unreadable with a slug (`too_long`, `too_deep`, `too_large`, `not_allowed`, ...)."""
    parser = Parser(tokens_of(text))
    tree = calls.resolve(parser.whole(), frozenset())
    exact.check_size(tree)
    return tree


class Parser(Cursor):
    """Each method reads one level of the grammar and leaves the cursor behind it."""

    # Levels, outermost first -----------------------------------------------------------------------------------------

    def whole(self) -> Node:
        items = self.items()
        if self.here is not END:
            raise Unreadable(f"expected the end (found {self.here.text!r})", reason="syntax")
        return items[0] if len(items) == 1 else self.make("Sequence", *items)

    def items(self) -> list[Node]:
        found = [self.relation()]
        while self.sees(",") or self.sees(";"):
            self.take()
            found.append(self.relation())
        return found

    def relation(self) -> Node:
        """a = b, a < b < c, x in S; a chain is the conjunction of its links."""
        left = self.union()
        links: list[Node] = []
        while self.here.kind == "op" and (self.here.text in _RELATIONS or self.here.text == "in"):
            operator = self.take().text
            right = self.union()
            links.append(self.make("In" if operator == "in" else _RELATIONS[operator], left, right))
            left = right
        if not links:
            return left
        if len(links) > 1 and any(isinstance(link, Call) and link.head == "In" for link in links):
            raise Unreadable("a chain with 'in'", reason="ambiguous")
        return links[0] if len(links) == 1 else self.make("And", *links)

    def union(self) -> Node:
        found = self.sum()
        while self.accepts("cup"):
            found = self.make("Union", found, self.sum())
        return found

    def sum(self) -> Node:
        self.depth += 1
        if self.depth > limits.DEPTH:
            raise Unreadable(f"more than {limits.DEPTH} levels", reason="too_deep")
        terms = [self.product()]
        while self.sees("+") or self.sees("-"):
            sign = self.take().text
            term = self.product()
            terms.append(self.make("Neg", term) if sign == "-" else term)
        self.depth -= 1
        return terms[0] if len(terms) == 1 else self.make("Add", *terms)

    def product(self) -> Node:
        """Factors joined by `*`, `/` or nothing; `1/2x` has two readings and is refused."""
        factors = [self.unary()]
        divided = False
        while True:
            if self.sees("*"):
                self.take()
                factors.append(self.unary())
                divided = False
            elif self.sees("/"):
                self.take()
                divided = True
                factors = [self.make("Div", self._multiplied(factors), self.unary())]
            elif self.starts_factor():
                if divided:
                    raise Unreadable("a factor without '*' after '/'", reason="ambiguous")
                factors.append(self.power())
            else:
                return self._multiplied(factors)

    def _multiplied(self, factors: list[Node]) -> Node:
        return factors[0] if len(factors) == 1 else self.make("Mul", *factors)

    def unary(self) -> Node:
        signs = 0
        negative = False
        while self.sees("-") or self.sees("+"):
            negative ^= self.take().text == "-"
            signs += 1
            if signs > 2:
                raise Unreadable("a row of signs", reason="syntax")
        operand = self.power()
        return self.make("Neg", operand) if negative else operand

    def power(self) -> Node:
        base = self.postfix()
        if not self.accepts("^"):
            return base
        self.depth += 1
        if self.depth > limits.DEPTH:
            raise Unreadable(f"more than {limits.DEPTH} levels", reason="too_deep")
        exponent = self.unary()
        self.depth -= 1
        return self.make("Pow", base, exponent)

    def postfix(self) -> Node:
        found = self.atom()
        while self.sees("!"):
            self.take()
            if self.sees("!"):
                raise Unreadable("a double factorial", reason="ambiguous")
            found = self.make("Factorial", found)
        return found

    # Atoms -----------------------------------------------------------------------------------------------------------

    def atom(self) -> Node:
        self.nodes += 1
        token = self.take()
        if token.kind == "number" and token.value is not None:
            return calls.mixed(self, token, Number(token.value))
        if token.kind == "name":
            return self.name(token.text)
        if token.kind == "command":
            return commands.command(self, token.text)
        if token.text in _CLOSING and token.kind == "op":
            return self.bracket(token.text)
        if token.text == GROUP_OPEN:
            return self.inside_group()
        if token.text == "|" and token.kind == "op":
            return self.absolute()
        raise Unreadable(f"expected an operand (found {token.text!r})", reason="syntax")

    def bracket(self, opening: str) -> Node:
        bars, self.bars = self.bars, 0
        items = self.items() if not self.sees("}") else []
        closing = self.take().text
        self.bars = bars
        if closing not in _CLOSING[opening]:
            raise Unreadable(f"expected a bracket that closes {opening!r} (found {closing!r})", reason="syntax")
        if opening == "(" and closing == ")" and len(items) == 1:
            return items[0]
        if opening + closing in {"[)", "(]"} and len(items) != 2:
            raise Unreadable("an interval of other than two ends", reason="syntax")
        return self.make(_BRACKETS[opening + closing], *items)

    def inside_group(self) -> Node:
        """What stands between LaTeX's braces, the first of which has been taken."""
        bars, self.bars = self.bars, 0
        found = self.relation()
        self.expect(GROUP_CLOSE)
        self.bars = bars
        return found

    def absolute(self) -> Node:
        self.bars += 1
        found = self.sum()
        self.bars -= 1
        self.expect("|")
        return self.make("Abs", found)

    def name(self, text: str) -> Node:
        if text in CALCULUS_NAMES:
            return calls.calculus(self, CALCULUS_NAMES[text])
        if text in FUNCTIONS:
            return self.function(text)
        if text in CONSTANTS and text not in {"e", "i", "E", "I"}:
            return Constant(CONSTANTS[text])
        if self.accepts("_"):
            return Symbol(f"{text}_{self.subscript()}")
        if self.sees("(") and text in NEVER_FACTORS:
            raise limits.not_allowed(f"function {text!r}")
        return Symbol(text)

    def subscript(self) -> str:
        grouped = self.accepts(GROUP_OPEN)
        token = self.take()
        if token.kind not in {"number", "name"}:
            raise Unreadable(f"subscript {token.text!r}", reason="syntax")
        if grouped:
            self.expect(GROUP_CLOSE)
        return token.text

    def function(self, text: str) -> Node:
        """A call, `sin x`, `sin^2 x`, `log_2 x`; the head is on the allow-list."""
        head, fewest, most = FUNCTIONS[text]
        base = self.argument_atom() if text == "log" and self.accepts("_") else None
        exponent = self.argument_atom() if self.sees("^") and self.accepts("^") else None
        if self.accepts("("):
            bars, self.bars = self.bars, 0
            parts = self.items()
            self.bars = bars
            self.expect(")")
        elif self.sees(GROUP_OPEN) or text in WITHOUT_PARENTHESES or text == "sqrt":
            parts = [self.bare_argument(text)]
        else:
            raise Unreadable(f"{text} without parentheses", reason="syntax")
        if not fewest <= len(parts) <= most or (base is not None and len(parts) != 1):
            raise Unreadable(f"{text} takes {fewest} to {most} arguments (found {len(parts)})", reason="syntax")
        if exponent == self.negative_one and head in INVERSE:
            return self.make(INVERSE[head], *parts)
        found = calls.lowered(self, head, parts if base is None else [parts[0], base])
        return found if exponent is None else self.make("Pow", found, exponent)

    negative_one: Node = Call("Neg", (number(1),))

    def argument_atom(self) -> Node:
        """One token or one group: the base of a logarithm, the exponent of `sin^2`, a bound of a sum."""
        if self.accepts(GROUP_OPEN):
            return self.inside_group()
        if self.sees("-"):
            self.take()
            return self.make("Neg", self.argument_atom())
        token = self.here
        if token.kind == "number" and token.value is not None:
            self.take()
            return Number(token.value)
        return self.atom()

    def bare_argument(self, text: str) -> Node:
        """The argument of `sin 2x`: factors up to the next function, operator or bracket."""
        factors = [self.power()]
        while text != "sqrt" and self.starts_factor() and not self._ends_argument():
            factors.append(self.power())
        return self._multiplied(factors)

    def _ends_argument(self) -> bool:
        token = self.here
        return token.text in FUNCTIONS or token.text in {"(", "[", "{", "|"} or token.text in {"int", "sum", "lim"}

    def starts_factor(self) -> bool:
        """Whether a factor without an operator before it can begin here."""
        token = self.here
        if self.integrals and commands.sees_differential(self):
            return False
        if token.kind == "op":
            return token.text in {"(", GROUP_OPEN} or (token.text == "|" and not self.bars)
        if token.kind == "number":
            raise Unreadable(f"a number right after an operand: {token.text!r}", reason="ambiguous")
        return token.kind in {"name", "command"}
