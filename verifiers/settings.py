"""What may be set on a verifier: values from YAML or a call against the annotations of its keyword arguments."""

import types
import typing
from typing import Any


def fits(value: object, annotation: Any) -> bool:
    """Whether a setting from YAML is of a type; an integer is a number, and true is neither."""
    if typing.get_origin(annotation) in {typing.Union, types.UnionType}:
        return any(fits(value, part) for part in typing.get_args(annotation))
    if typing.get_origin(annotation) is typing.Literal:
        return value in typing.get_args(annotation)
    if annotation is type(None):
        return value is None
    if annotation in {int, float}:
        return isinstance(value, int | annotation) and not isinstance(value, bool)
    plain = typing.get_origin(annotation) or annotation
    return isinstance(value, plain) if isinstance(plain, type) else True


_WORDS = {bool: "true or false", float: "a number", int: "an integer", str: "text", type(None): "nothing"}


def in_words(annotation: Any) -> str:
    """A type as an error message names it."""
    if typing.get_origin(annotation) is typing.Literal:
        return "one of " + ", ".join(map(str, typing.get_args(annotation)))
    if typing.get_args(annotation):
        return " or ".join(map(in_words, typing.get_args(annotation)))
    return _WORDS.get(annotation, str(annotation))
