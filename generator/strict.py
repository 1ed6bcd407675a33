"""The base of every model at the door: frozen, strict types, unknown keys refused, docstrings as field docs."""

from pydantic import BaseModel, ConfigDict


class Strict(BaseModel):
    """Reads what was written and nothing else: no coercion ("7" is not 7), no extra keys, no change afterwards."""

    model_config = ConfigDict(
        strict=True, frozen=True, extra="forbid", use_attribute_docstrings=True, allow_inf_nan=False
    )
