"""The evidence of a verdict as the record can keep it: JSON, of bounded size."""

import json
from collections.abc import Mapping
from typing import Any

EVIDENCE_CHARACTERS = 2_000
"""The longest text that one verdict's evidence holds; longer ones are cut."""
EVIDENCE_ITEMS = 100
EVIDENCE_DEPTH = 6


def bounded(evidence: Mapping[str, Any]) -> dict[str, Any]:
    """Evidence as JSON: long texts and lists are cut, and what JSON has no word for is told as text."""
    return dict(_bounded(dict(evidence), EVIDENCE_DEPTH))


def _bounded(value: Any, depth: int) -> Any:
    if value is None or (isinstance(value, bool | int) and abs(value) < 2**63):
        return value
    if isinstance(value, float):
        return value if value == value and abs(value) != float("inf") else str(value)
    if isinstance(value, Mapping) and depth:
        return {str(key)[:100]: _bounded(value[key], depth - 1) for key in list(value)[:EVIDENCE_ITEMS]}
    if isinstance(value, list | tuple | set | frozenset) and depth:
        return [_bounded(part, depth - 1) for part in list(value)[:EVIDENCE_ITEMS]]
    text = value if isinstance(value, str) else _text(value)
    text = text.encode("utf-8", "replace").decode()
    return text if len(text) <= EVIDENCE_CHARACTERS else text[: EVIDENCE_CHARACTERS - 1] + "…"


def _text(value: object) -> str:
    try:
        return json.dumps(value) if isinstance(value, dict | list) else str(value)
    except (TypeError, ValueError):
        return type(value).__name__
