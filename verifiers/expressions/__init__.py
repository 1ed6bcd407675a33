"""Expressions that strangers wrote: text to our own tree through an allow-list, under named ceilings."""

from proofmill.verifiers.expressions.grammar import read
from proofmill.verifiers.expressions.nodes import Call, Constant, Node, Number, Symbol
from proofmill.verifiers.expressions.writer import text_of

__all__ = ["Call", "Constant", "Node", "Number", "Symbol", "read", "text_of"]
