"""Jinja2 templates from recipes: sandboxed, and strict about names they don't know."""

from functools import lru_cache
from typing import Any

from jinja2 import StrictUndefined, Template, TemplateError, TemplateSyntaxError
from jinja2.meta import find_undeclared_variables
from jinja2.sandbox import ImmutableSandboxedEnvironment

NAMES = ("skill", "difficulty", "problem", "examples", "reply_format", "draw")
"""What a prompt template may use."""

_environment = ImmutableSandboxedEnvironment(
    undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, autoescape=False
)


def problems_with_template(text: str) -> str | None:
    """What is wrong with a template, or None: syntax with its line, or names that no prompt has."""
    try:
        unknown = sorted(find_undeclared_variables(_environment.parse(text)) - set(NAMES))
    except TemplateSyntaxError as why:
        return f"a template error in its line {why.lineno}: {why.message}"
    return f"{', '.join(unknown)}; a prompt may use {', '.join(NAMES)}" if unknown else None


@lru_cache(maxsize=64)
def _compiled(text: str) -> Template:
    return _environment.from_string(text)


def render(text: str, values: dict[str, Any]) -> str:
    """The template with its values; TemplateError where it asks for what is not there."""
    return _compiled(text).render(values).strip()


__all__ = ["NAMES", "TemplateError", "problems_with_template", "render"]
