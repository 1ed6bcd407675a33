"""The sections of a recipe: what each may hold, and what must hold between its keys."""

from typing import Any, Literal, Self

from pydantic import Field, model_validator

from proofmill.checks import doubles
from proofmill.strict import Strict
from proofmill.templates import problems_with_template
from proofmill.verifiers.verdict import Draft


class Wanted(Strict):
    """How much to make, and which budget ends the run before it is reached."""

    rows: int = Field(ge=1)
    """Accepted rows, spread evenly over the cells (skill x difficulty)."""
    attempts: int | None = Field(None, ge=1)
    """Replies to ask for, at most."""
    tokens: int | None = Field(None, ge=1)
    """Tokens to spend, read and written together, at most."""
    hours: float | None = Field(None, gt=0)
    """Hours to run, at most; each start counts anew."""

    @property
    def has_budget(self) -> bool:
        """Whether anything but the rows ends a run: then it is not stopped for being hopeless."""
        return any(limit is not None for limit in (self.attempts, self.tokens, self.hours))


class Task(Strict):
    """What the teacher is asked to do."""

    domain: Literal["maths", "logic", "code", "facts", "text"]
    """The field the rows belong to."""
    skills: tuple[str, ...] = Field(min_length=1)
    """What the problems should exercise; with `difficulty` they make the cells of the plan."""
    difficulty: tuple[int, ...] = Field((1,), min_length=1)
    """Levels of difficulty, easiest first."""
    problems: Literal["teacher", "anchors"] = "teacher"
    """Who writes the problems: the `teacher`, or people (`anchors`), whose problems are then solved anew."""
    reply: Literal["json", "text"] = "json"
    """What a reply is: a JSON object, or the solution itself."""
    system: str | None = None
    """System message."""
    prompt: str = Field(min_length=1)
    """Jinja2 template of the request, of skill, difficulty, problem, examples, reply_format, claims_format and draw."""

    @model_validator(mode="after")
    def _sound(self) -> Self:
        mistakes: list[str] = []
        for key, values in (("skills", self.skills), ("difficulty", self.difficulty)):
            mistakes += [f"{key}: expected each one once (found {value!r} twice)" for value in doubles(values)]
        wrong = problems_with_template(self.prompt)
        mistakes += [f"prompt: expected a template that renders (found {wrong})"] if wrong else []
        if self.problems == "anchors" and len(self.skills) * len(self.difficulty) != 1:
            mistakes.append("problems: expected teacher with several skills or difficulties (found anchors)")
        if self.problems == "teacher" and self.reply == "text":
            mistakes.append("reply: expected json with problems: teacher, who must name the problem (found text)")
        if mistakes:
            raise ValueError(*mistakes)
        return self


class Repair(Strict):
    """Whether a refused draft goes back to the teacher with the reason."""

    rounds: int = Field(0, ge=0, le=4)
    """Further tries at one draft."""


class Curate(Strict):
    """Which accepted drafts are kept out all the same."""

    duplicates: Literal["exact", "normalised", "keep"] = "normalised"
    """Which likeness to an earlier row or an anchor makes a duplicate; `normalised` forgives case, spaces, dollars."""
    by: Literal["problem", "row"] | None = None
    """What is compared: the problem, or problem and solution. Default: problem, but row with problems: anchors."""


class MixRatio(Strict):
    """Mix anchors and synthetic rows at a ratio."""

    kind: Literal["ratio"]
    anchor_share: float = Field(ge=0, le=1)
    """Share of anchors among the rows of `mixed`."""


class MixRows(Strict):
    """Mix so many anchors with so many synthetic rows; both shrink together if either falls short."""

    kind: Literal["rows"]
    anchors: int = Field(ge=0)
    """Anchors in `mixed`."""
    synthetic: int = Field(ge=0)
    """Synthetic rows in `mixed`."""

    @model_validator(mode="after")
    def _some(self) -> Self:
        if self.anchors + self.synthetic == 0:
            raise ValueError("expected at least one row in all (found 0)")
        return self


class Output(Strict):
    """How the dataset is written."""

    shard_rows: int = Field(2000, ge=1, le=100_000)
    """Rows in one parquet file."""


class Example(Strict):
    """A draft whose verdict is known: it proves the recipe, and may be shown to the teacher."""

    problem: str
    solution: str = ""
    answer: str = ""
    gold: str | None = None
    claims: dict[str, Any] = Field(default={})
    skill: str = ""
    """The skill of the task that it is an example of; required where `verify` names skills."""

    @property
    def draft(self) -> Draft:
        """The example as the gate sees it."""
        return Draft(self.problem, self.solution, self.answer, self.gold, self.claims)


class Examples(Strict):
    """Drafts that must be accepted, and drafts that must be rejected."""

    accepted: tuple[Example, ...] = ()
    rejected: tuple[Example, ...] = ()

    @property
    def skills(self) -> dict[str, str]:
        """The skill of each example, by the example's place."""
        lists = (("accepted", self.accepted), ("rejected", self.rejected))
        return {f"{kept}.{place}": each.skill for kept, examples in lists for place, each in enumerate(examples)}
