"""Which teacher a spec means, ready to open; and what besides its settings can change its replies."""

import hashlib
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path

from proofmill.errors import InputError
from proofmill.teachers.openai import OpenAI
from proofmill.teachers.replay import Replay
from proofmill.teachers.spec import ReplayTeacher, TeacherSpec
from proofmill.teachers.teacher import Teacher


def open_teacher(
    spec: TeacherSpec, place: Callable[[str], Path], api_key: str | None
) -> AbstractAsyncContextManager[Teacher]:
    """The teacher, to use in `async with`; `place` finds the files that the spec names."""
    if isinstance(spec, ReplayTeacher):
        return Replay(spec.model_copy(update={"path": str(place(spec.path))}))
    return OpenAI(spec, api_key)


def content_of(spec: TeacherSpec, place: Callable[[str], Path]) -> str:
    """sha256 of a file of recorded replies; nothing for a model, whose id and revision say it."""
    if not isinstance(spec, ReplayTeacher):
        return ""
    path = place(spec.path)
    if not path.is_file():
        raise InputError(f"teacher.path: expected a file of recorded replies at {path} (found nothing)")
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
