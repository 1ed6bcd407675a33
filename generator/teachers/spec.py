"""How a recipe names its teacher: one model per kind, told apart by `kind`."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from proofmill.strict import Strict


class OpenAITeacher(Strict):
    """Any endpoint that speaks OpenAI chat completions: vLLM, SGLang, llama.cpp, Ollama, a hosted API."""

    is_model: ClassVar[bool] = True
    kind: Literal["openai"]
    model: str = Field(min_length=1)
    """Model id, as the endpoint knows it."""
    base_url: str = Field("http://127.0.0.1:8000/v1", pattern=r"^https?://\S+$")
    """Root of the API, up to and including /v1."""
    temperature: float = Field(0.8, ge=0, le=2)
    top_p: float = Field(1.0, gt=0, le=1)
    max_tokens: int = Field(2048, ge=1)
    """Longest reply, in tokens."""
    in_flight: int = Field(64, ge=1, le=4096)
    """Requests under way at once, at most."""
    request_seconds: float = Field(300.0, gt=0)
    """How long one request may take."""
    retry_seconds: float = Field(600.0, ge=0)
    """How long a request that fails for passing reasons is tried again before the run stops."""
    revision: str | None = None
    """Revision of the model's weights (provenance)."""
    terms_url: str | None = None
    """Where the terms under which the model's output may be used are written (provenance)."""


class ReplayTeacher(Strict):
    """Recorded replies from a JSONL file: tests, demonstrations, audits of transcripts that exist."""

    is_model: ClassVar[bool] = False
    kind: Literal["replay"]
    path: str = Field(min_length=1)
    """JSONL file, relative to the recipe."""
    columns: dict[Literal["reply", "problem", "skill", "difficulty", "repairs", "model"], str] = Field(default={})
    """Which column of the file holds what; a name not given is its own column."""
    model: str = "replay"
    """Model id to record where the rows name none."""
    in_flight: int = Field(64, ge=1, le=4096)
    """Drafts under way at once, at most."""
    revision: str | None = None
    """Revision of the model that wrote the replies (provenance)."""
    terms_url: str | None = None
    """Where the terms for that model's output are written (provenance)."""


TeacherSpec = Annotated[OpenAITeacher | ReplayTeacher, Field(discriminator="kind")]
