"""Jinja2 templates from recipes: sandboxed, and strict about names they don't know."""

import json
from functools import lru_cache, partial
from typing import Any

from jinja2 import StrictUndefined, Template, TemplateSyntaxError
from jinja2.meta import find_referenced_templates, find_undeclared_variables
from jinja2.sandbox import ImmutableSandboxedEnvironment

NAMES = ("skill", "difficulty", "problem", "examples", "reply_format", "claims_format", "draw")
"""What a prompt template may use."""

_environment = ImmutableSandboxedEnvironment(
    undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, autoescape=False
)
_environment.filters["tojson"] = partial(json.dumps, ensure_ascii=False)  # Jinja2's own writes <, & and ' for HTML


def problems_with_template(text: str) -> str | None:
    """What is wrong with a template, or None: syntax with its line, or names that no prompt has."""
    try:
        parsed = _environment.parse(text)
        unknown = sorted(find_undeclared_variables(parsed) - set(NAMES))
    except TemplateSyntaxError as why:
        return f"a template error in its line {why.lineno}: {why.message}"
    if list(find_referenced_templates(parsed)):
        return "include, import or extends; write it out: a prompt has no other files"
    return f"{', '.join(unknown)}; a prompt may use {', '.join(NAMES)}" if unknown else None


@lru_cache(maxsize=64)
def _compiled(text: str) -> Template:
    template = _environment.from_string(text)
    template.globals = dict(template.globals)  # Jinja2 copies it at each rendering, and its own ChainMap slowly
    return template


@lru_cache(maxsize=64)
def _names_in(text: str) -> frozenset[str]:
    return frozenset(find_undeclared_variables(_environment.parse(text)))


@lru_cache(maxsize=1024)
def _repeated(text: str, values: tuple[tuple[str, Any], ...]) -> str:
    return _compiled(text).render(dict(values)).strip()


def render(text: str, values: dict[str, Any]) -> str:
    """The template with its values; jinja2's TemplateError where it asks for what is not there.

    A template that tells neither the problem nor the draw says the same for a whole cell, and is rendered once for it.
    """
    used = _names_in(text)
    if used & {"problem", "draw", "examples"}:
        return _compiled(text).render(values).strip()
    return _repeated(text, tuple((name, values[name]) for name in sorted(used)))
