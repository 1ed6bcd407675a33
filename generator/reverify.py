"""Judge what is written already: the rows of a JSONL file, or those of a dataset, by the checks they carry."""

import json
from collections import Counter, deque
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import IO, Any

from rich.console import Console
from rich.table import Table

from proofmill.errors import InputError
from proofmill.jsonl import read_jsonl
from proofmill.judging import as_draft, checks_of, judge, judge_each
from proofmill.output.reading import rows, shard_paths
from proofmill.output.rows import Row, draft_of, written
from proofmill.verifiers.pool import Pool
from proofmill.verifiers.verdict import Check, Draft

COLUMNS = ("problem", "solution", "answer", "gold", "claims")
"""What a column of a file may hold."""

CHANGED = "changed"
"""What is said of a row whose text is not the one that was judged."""

Entry = tuple[Draft | None, dict[str, Any]]
"""A draft to judge (None where the row can't be read) and the record to write."""


def verify_file(
    path: Path,
    verify: Sequence[str],
    out: Path,
    columns: Mapping[str, str],
    settings: Mapping[str, Any],
    console: Console,
) -> None:
    """Judge each line of a JSONL file; accepted.jsonl and refused.jsonl hold every line again, with its verdicts.

    A line that can't be read goes to refused.jsonl with the reason `bad_row`: nothing is lost.
    """
    checks = checks_of([name for text in verify for name in text.split(",") if name], settings)
    unknown = [name for name in columns if name not in COLUMNS]
    if unknown:
        raise InputError(f"verify.columns: expected one of {', '.join(COLUMNS)} (found {', '.join(unknown)})")
    counts: Counter[str] = Counter()
    entries = _entries(path, columns)
    first = next(entries, None)
    if first is None:
        raise InputError(f"{path}: expected at least one row (found none)")
    out.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        files = {name: stack.enter_context(_fresh(out / f"{name}.jsonl")) for name in ("accepted", "refused")}
        pool = stack.enter_context(Pool())
        for outcome, reason, record in _judged(_chain(first, entries), checks, pool):
            counts[outcome] += 1
            counts[f"{outcome}:{reason}"] += outcome != "accept"
            file = files["accepted" if outcome == "accept" else "refused"]
            file.write(json.dumps(record, ensure_ascii=True) + "\n")
    _print(console, counts)
    if counts["unknown:bad_row"] == sum(counts[outcome] for outcome in ("accept", "reject", "unknown")):
        raise InputError(
            f"{path}: expected rows with a solution or an answer (found none; {out}/refused.jsonl says why): "
            "name the columns, --columns solution=completion"
        )
    console.print(f"written: {out}/accepted.jsonl and {out}/refused.jsonl", highlight=False, soft_wrap=True)


def verify_dataset(out: Path, report: Path | None, console: Console) -> bool:
    """Judge every synthetic row and anchor of a dataset again, by the checks it carries; whether all of them hold.

    A synthetic row must be accepted once more, and the text of any row must be the one that its id, a hash, names.
    """
    counts: Counter[str] = Counter()
    failed = 0
    with ExitStack() as stack:
        file = None
        if report is not None:
            report.mkdir(parents=True, exist_ok=True)
            file = stack.enter_context(_fresh(report / "refused.jsonl"))
        pool = stack.enter_context(Pool())
        for config, paths in shard_paths(out).items():
            if config not in ("synthetic", "anchors"):
                continue
            for identity, outcome, reason in _rejudged(rows(paths), pool):
                counts[f"{config}: {outcome}"] += 1
                if outcome == "accept":
                    continue
                counts[f"{config}: {outcome}:{reason}"] += outcome != CHANGED
                failed += config == "synthetic" or outcome == CHANGED
                if file is not None:
                    file.write(json.dumps({"config": config, "id": identity, "reason": reason}) + "\n")
    if not counts:
        raise InputError(f"{out}: expected a dataset with synthetic rows or anchors (found none that README.md names)")
    _print(console, counts)
    if counts["anchors: unknown"]:
        console.print("anchors that a verifier can't decide are no failure: their source vouches for them")
    return failed == 0


def _rejudged(source: Iterator[Row], pool: Pool) -> Iterator[tuple[str, str, str]]:
    """(id, outcome, reason) of each row, in order."""
    identities: deque[str] = deque()

    def pairs() -> Iterator[tuple[Draft, Sequence[Check]]]:
        for row in source:
            identities.append(row["id"])
            try:
                yield draft_of(row), checks_of(json.loads(row["verifier_spec"])["verify"], {})
            except (ValueError, KeyError, TypeError, AttributeError) as why:
                raise InputError(f"row {row['id']}: expected a verifier_spec of proofmill (found {why!r})") from None

    for judgement in judge_each(pairs(), pool):
        identity = identities.popleft()
        if judgement.draft.id != identity:
            yield identity, CHANGED, CHANGED
        else:
            yield identity, judgement.outcome, judgement.reason


def _entries(path: Path, columns: Mapping[str, str]) -> Iterator[Entry]:
    for number, value in read_jsonl(path):
        if isinstance(value, str):
            yield None, _bad(number, value)
            continue
        own = {key: item for key, item in value.items() if key not in columns.values()}
        named = {**own, **{ours: value.get(theirs) for ours, theirs in columns.items()}}
        try:
            yield as_draft(named, f"line {number}"), value
        except InputError as why:
            yield None, {**value, **_bad(number, str(why))}


def _bad(line: int, detail: str) -> dict[str, Any]:
    """What is written of a row that can't be read."""
    return {"proofmill": {"outcome": "unknown", "reason": "bad_row", "line": line, "detail": detail}}


def _judged(entries: Iterator[Entry], checks: Sequence[Check], pool: Pool) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """(outcome, reason, record with its verdicts), in order; unreadable rows pass through where they stand."""
    waiting: list[Entry] = []

    def drafts() -> Iterator[Draft]:
        for draft, record in entries:
            waiting.append((draft, record))
            if draft is not None:
                yield draft

    def unreadable() -> Iterator[tuple[str, str, dict[str, Any]]]:
        while waiting and waiting[0][0] is None:
            yield "unknown", "bad_row", waiting.pop(0)[1]

    for judgement in judge(drafts(), checks, pool):
        yield from unreadable()
        _, record = waiting.pop(0)
        said = [written(verdict) for verdict in judgement.verdicts]
        more = {"outcome": judgement.outcome, "reason": judgement.reason, "verdicts": said}
        yield judgement.outcome, judgement.reason, {**record, "proofmill": more}
    yield from unreadable()


def _chain(first: Entry, rest: Iterator[Entry]) -> Iterator[Entry]:
    yield first
    yield from rest


def _fresh(path: Path) -> IO[str]:
    return path.open("w", encoding="utf-8")


def _print(console: Console, counts: Counter[str]) -> None:
    table = Table(title="verdicts", title_justify="left", show_header=False)
    table.add_column()
    table.add_column(justify="right")
    for name, times in counts.items():
        if times:
            table.add_row(name, f"{times:,}")
    console.print(table)
