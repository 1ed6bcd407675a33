"""How a recipe names its anchors: one model per source, told apart by `source`."""

from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from proofmill.strict import Strict

HumanBasis = Literal["vendor_attested", "pre_2022_11_30", "public_domain_print", "self_declared"]
Column = Literal["problem", "solution", "answer", "skill", "difficulty"]


class _Anchors(Strict):
    """What every source must say, wherever its rows come from."""

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9._-]{0,63}$")
    """Name of this source in rows, counts and the card."""
    licence: str = Field(min_length=2)
    """Licence of the rows, as an SPDX id or a Hub licence tag."""
    human_basis: HumanBasis
    """Why these rows may be called human."""
    sample: int | None = Field(None, ge=1)
    """How many rows to take, drawn with the recipe's seed; all of them if not given."""


class _Table(_Anchors):
    columns: dict[Column, str] = Field(default={}, validate_default=True)
    """Which column holds what: {problem: question, solution: answer}. A name not given is its own column."""


class JsonlAnchors(_Table):
    """Rows of a JSONL file."""

    source: Literal["jsonl"]
    path: str = Field(min_length=1)
    """The file, relative to the recipe."""


class ParquetAnchors(_Table):
    """Rows of a parquet file."""

    source: Literal["parquet"]
    path: str = Field(min_length=1)
    """The file, relative to the recipe."""


class HubAnchors(_Table):
    """Rows of a dataset on the Hugging Face Hub, pinned to one commit; or of a local folder in a Hub layout."""

    source: Literal["hub"]
    repo: str = Field(min_length=1)
    """Repository id, or a local folder that begins with ./, ../ or /."""
    config: str | None = None
    """Configuration of the dataset."""
    split: str = "train"
    """Split of the dataset."""
    revision: str | None = Field(None, pattern=r"^[0-9a-f]{40}$")
    """The commit, 40 hex digits; required unless `repo` is a local folder."""

    @property
    def is_folder(self) -> bool:
        """Whether `repo` is a folder on this machine."""
        return self.repo.startswith(("./", "../", "/"))

    @model_validator(mode="after")
    def _pinned(self) -> Self:
        if self.revision is None and not self.is_folder:
            raise ValueError("revision: expected 40 hex digits, the commit to pin (found nothing)")
        return self


class SymPyDoctests(_Anchors):
    """The examples in the docstrings of the installed SymPy that `maths.compute` can read; written by its authors."""

    source: Literal["sympy_doctests"]


AnchorSpec = Annotated[JsonlAnchors | ParquetAnchors | HubAnchors | SymPyDoctests, Field(discriminator="source")]


def public(spec: AnchorSpec) -> dict[str, Any]:
    """The spec as it goes into cards and provenance."""
    return spec.model_dump(mode="json", exclude_none=True)
