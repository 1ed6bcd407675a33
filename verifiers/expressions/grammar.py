"""Tokens to a tree: one recursive-descent grammar for plain text and LaTeX, bounded in depth and size."""

from proofmill.verifiers.expressions import calls, commands, exact, figures, formula, functions, limits, subscripts
from proofmill.verifiers.expressions.cursor import Cursor
from proofmill.verifiers.expressions.heads import (
    CALCULUS_NAMES,
    CONSTANTS,
    CONSTRUCTORS,
    FUNCTIONS,
    NEVER_FACTORS,
)
from proofmill.verifiers.expressions.lexer import tokens_of
from proofmill.verifiers.expressions.nodes import Constant, Node, Symbol
from proofmill.verifiers.expressions.style import STRICT, Style
from proofmill.verifiers.expressions.tokens import END, GROUP_CLOSE, GROUP_OPEN
from proofmill.verifiers.verdict import Unreadable

_SIGNS = {"+-": "PlusMinus", "-+": "MinusPlus"}
_BRACKETS = {"()": "Tuple", "[]": "List", "{}": "Set", "[)": "IntervalClosedOpen", "(]": "IntervalOpenClosed"}
_CLOSING = {"(": ")]", "[": "])", "{": "}"}


def read(text: str, style: Style = STRICT) -> Node:
    """The tree of a text; raises Unreadable with a slug (`too_long`, `too_deep`, `too_large`, `not_allowed`, ...)."""
    parser = Parser(tokens_of(text, style), style)
    tree = formula.with_signs(calls.resolve(subscripts.with_terms(parser.whole()), frozenset()))
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
        """A formula or a value."""
        self.deeper()
        found = formula.formula(self)
        self.depth -= 1
        return found

    def deeper(self) -> None:
        self.depth += 1
        if self.depth > limits.DEPTH:
            raise Unreadable(f"more than {limits.DEPTH} levels", reason="too_deep")

    def sum(self) -> Node:
        self.deeper()
        terms = [self.product()]
        while self.here.kind == "op" and self.here.text in {"+", "-", "+-", "-+"}:
            sign = self.take().text
            term = self.product()
            if sign in _SIGNS:
                terms = [self.make(_SIGNS[sign], self._added(terms), term)]
            else:
                terms.append(self.make("Neg", term) if sign == "-" else term)
        self.depth -= 1
        return self._added(terms)

    def _added(self, terms: list[Node]) -> Node:
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
                if divided and not calls.is_coefficient(self, factors[-1]):
                    raise Unreadable("a factor without '*' after '/'", reason="ambiguous")
                signed = self.tokens[self.at + 1 : self.at + 2] and self.tokens[self.at + 1].text in {"+", "-"}
                touching = self.sees("(") and not self.here.spaced and not signed
                factors.append(self.power())
                if touching:
                    calls.check_product(factors[-2], factors[-1])
                divided = False
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
            if signs > 3:
                raise Unreadable("a row of signs", reason="syntax")
        if not signs and self.here.kind == "op" and self.here.text in _SIGNS:
            return self.make(_SIGNS[self.take().text], self.power())
        operand = self.power()
        return self.make("Neg", operand) if negative else operand

    def power(self) -> Node:
        base = self.postfix()
        if not self.accepts("^"):
            return base
        self.deeper()
        exponent = self.unary()
        self.depth -= 1
        return self.make("Pow", base, exponent)

    def postfix(self) -> Node:
        found = self.atom()
        while self.sees("!") or self.sees("'"):
            if self.take().text == "'":
                found = calls.primed(self, found)
            elif self.accepts("!"):
                found = self.make("Factorial2", found)
                if self.sees("!"):
                    raise Unreadable("a row of factorials", reason="ambiguous")
            else:
                found = self.make("Factorial", found)
        return found

    # Atoms -----------------------------------------------------------------------------------------------------------

    def atom(self) -> Node:
        self.nodes += 1
        token = self.take()
        if token.kind == "number" and token.value is not None:
            return calls.mixed(self, token, calls.number_of(token))
        if token.kind == "name":
            return self.name(token.text)
        if token.kind == "command":
            return commands.command(self, token.text)
        if token.kind == "figure":
            return figures.figure(self, token.text)
        if token.kind == "currency":
            return calls.with_currency(self, Symbol(token.text))
        if token.text in _CLOSING and token.kind == "op":
            return self.bracket(token.text)
        if token.text == GROUP_OPEN:
            return self.inside_group()
        if token.text == "|" and token.kind == "op":
            return self.absolute()
        raise Unreadable(f"expected an operand (found {token.text!r})", reason="syntax")

    def bracket(self, opening: str) -> Node:
        bars, self.bars = self.bars, 0
        items = self.items() if not self.sees("}") and not (opening == "[" and self.sees("]")) else []
        closing = self.take().text
        self.bars = bars
        if closing not in _CLOSING[opening]:
            raise Unreadable(f"expected a bracket that closes {opening!r} (found {closing!r})", reason="syntax")
        if opening == "(" and closing == ")" and len(items) == 1:
            return items[0]
        if opening + closing in {"[)", "(]"} and len(items) != 2:
            raise Unreadable("an interval of other than two ends", reason="syntax")
        return formula.as_interval(self.make(_BRACKETS[opening + closing], *items))

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
        if text in CALCULUS_NAMES and (self.sees("(") or text[0].isupper()):
            return calls.calculus(self, CALCULUS_NAMES[text])
        if text in CONSTRUCTORS:
            return calls.constructed(self, CONSTRUCTORS[text])
        if text in FUNCTIONS:
            return functions.function(self, text)
        if text in CONSTANTS and text not in {"e", "i", "E", "I"}:
            return Constant(CONSTANTS[text])
        if self.accepts("_"):
            found = subscripts.subscripted(self, text)
            if not isinstance(found, str):
                return found
            text = found
        elif self.sees("[") and not self.here.spaced:
            text = calls.indexed(self, text)
        if text[0] in NEVER_FACTORS and len(text.partition("_")[0].rstrip("'")) == 1:
            return calls.applied(self, Symbol(text))
        if self.style.functions and text in calls.SPECIAL:
            return calls.applied(self, Symbol(text))
        return Symbol(text)

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
            return calls.number_of(token)
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
        """Whether a factor without an operator before it can begin here; of numbers, only powers: `2^6 3^5`."""
        token = self.here
        if self.integrals and commands.sees_differential(self):
            return False
        if token.kind == "op":
            return token.text in {"(", GROUP_OPEN} or (token.text == "|" and not self.bars)
        if token.kind == "number":
            if self.powers_side_by_side() or self.tokens[self.at - 1].text == "!":
                return True
            raise Unreadable(f"a number right after an operand: {token.text!r}", reason="ambiguous")
        return token.kind in {"name", "command", "figure", "currency"}
