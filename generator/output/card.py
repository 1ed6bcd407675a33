"""README.md of a dataset: the manifest that names its shards, and the card that says how every row came to be."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import yaml

from proofmill import __version__
from proofmill.anchoring import AnchorCount
from proofmill.anchors.spec import public
from proofmill.mix import Mix
from proofmill.output.funnel import Funnel
from proofmill.recipe import Recipe
from proofmill.verifiers.catalogue import verifier
from proofmill.verifiers.verdict import Check

_SIZES = [(1_000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K"), (1_000_000, "100K<n<1M")]


@dataclass(frozen=True, slots=True)
class Facts:
    """What the card tells beside the rows: the funnel, the anchors' counts, and whether the run has ended."""

    funnel: Funnel = field(default_factory=Funnel)
    anchors: Sequence[AnchorCount] = ()
    finished: bool = False


def card(
    recipe: Recipe, shards: Mapping[str, Sequence[str]], counts: Mapping[str, int], made: Mix | None, facts: Facts
) -> str:
    """The whole README.md."""
    head = yaml.safe_dump(_metadata(recipe, shards, counts), sort_keys=False, allow_unicode=True)
    sections = [
        _opening(recipe, facts),
        _configurations(counts),
        _funnel(facts.funnel),
        _verifiers(recipe),
        _anchors(recipe, facts.anchors),
        _mixing(recipe, made),
        _origin(recipe),
        _LIMITS,
    ]
    return f"---\n{head}---\n\n" + "\n\n".join(section for section in sections if section) + "\n"


def _metadata(recipe: Recipe, shards: Mapping[str, Sequence[str]], counts: Mapping[str, int]) -> dict[str, Any]:
    main = "mixed" if "mixed" in shards else "synthetic"
    configs = [
        {
            "config_name": config,
            "data_files": [{"split": "train", "path": [f"{config}/{name}" for name in names]}],
            **({"default": True} if config == main else {}),
        }
        for config, names in shards.items()
    ]
    repositories = [anchors.repo for anchors in recipe.anchors if anchors.source == "hub" and not anchors.is_folder]
    people = ["found"] if recipe.anchors else []
    total = counts["mixed"] or counts["synthetic"]
    return {
        "license": recipe.licence,
        "language": [recipe.language],
        "pretty_name": recipe.name,
        "annotations_creators": ["machine-generated"],
        "language_creators": ["machine-generated", *people],
        "source_datasets": [*repositories, "original"],
        "task_categories": ["text-generation"],
        "size_categories": [next((name for most, name in _SIZES if total < most), "1M<n<10M")],
        "tags": ["synthetic", "verified", "proofmill", recipe.task.domain],
        **({"configs": configs} if configs else {}),
    }


def _opening(recipe: Recipe, facts: Facts) -> str:
    state = "" if facts.finished else "\n\n*The run that makes this dataset has not ended; rows are still being added.*"
    return (
        f"# {recipe.name}\n\n{recipe.summary or 'Verified synthetic data.'} Made by Proofmill {__version__}: every "
        "synthetic row was accepted by every verifier of its recipe, and stands here beside the human rows "
        f"(anchors) that it was measured against.{state}"
    )


def _configurations(counts: Mapping[str, int]) -> str:
    said = {
        "mixed": "anchors and synthetic rows at the recipe's ratio",
        "synthetic": "rows that the teacher wrote and every verifier accepted",
        "anchors": "rows that people wrote",
        "rejected": "replies of counted draws that were not accepted or said again what was there, with the reason",
    }
    rows = [[f"`{name}`", f"{counts[name]:,}", text] for name, text in said.items() if counts[name]]
    return "## Configurations\n\n" + table(["configuration", "rows", "what"], rows)


def _funnel(funnel: Funnel) -> str:
    steps = [
        ["replies judged", f"{funnel.replies:,}"],
        ["readable drafts", f"{funnel.readable:,}"],
        ["accepted by every verifier", f"{funnel.proved:,}"],
        ["rows", f"{funnel.rows:,}"],
        ["of these repaired", f"{funnel.repaired:,}"],
        ["accepted, not needed (not published)", f"{funnel.spare:,}"],
        ["tokens read + written", f"{funnel.tokens_in:,} + {funnel.tokens_out:,}"],
    ]
    if funnel.tokens_per_row:
        steps.append(["tokens per row", f"{funnel.tokens_per_row:,.0f}"])
    reasons = [[f"`{escape(reason)}`", f"{times:,}"] for reason, times in funnel.reasons.items()]
    refused = "\n\n### Why replies were refused\n\n" + table(["reason", "replies"], reasons) if reasons else ""
    return "## From replies to rows\n\n" + table(["step", "count"], steps) + refused


def _verifiers(recipe: Recipe) -> str:
    rows = [
        [
            f"`{check.verifier}`",
            verifier(check.verifier).version,
            f"{check.seconds:g} s",
            f"`{json.dumps(check.settings)}`",
            escape(_judged_by(recipe, check)),
        ]
        for check in recipe.checks
    ]
    heads = ["verifier", "version", "limit", "settings", "judges"]
    return "## Verifiers\n\nAll that judge a row must accept it.\n\n" + table(heads, rows)


def _judged_by(recipe: Recipe, check: Check) -> str:
    """The skills whose rows a check judges."""
    skills = [skill for skill in recipe.task.skills if check in recipe.checks_for(skill).every]
    return "every row" if len(skills) == len(recipe.task.skills) else ", ".join(skills)


def _anchors(recipe: Recipe, counts: Sequence[AnchorCount]) -> str:
    if not recipe.anchors:
        return "## Anchors\n\nNone. Nothing measures how far these rows are from what people write (`anchored: false`)."
    by_id = {count.id: count for count in counts}
    rows = []
    for anchors in recipe.anchors:
        count = by_id.get(anchors.id)
        told = public(anchors)
        where = [f"{key} {told[key]}" for key in ("repo", "config", "split", "revision", "path") if key in told]
        kept = f"{count.kept:,} of {count.read:,}" if count else ""
        source = escape(" ".join([anchors.source, ", ".join(where)]).strip())
        rows.append([escape(anchors.id), source, anchors.licence, anchors.human_basis, kept])
    verdicts = [
        [escape(count.id), f"`{judge}`", escape(", ".join(f"{times:,} {word}" for word, times in said.items()))]
        for count in counts
        for judge, said in count.verdicts.items()
    ]
    return (
        "## Anchors\n\n"
        + table(["id", "source", "licence", "called human because", "kept"], rows)
        + "\n\nAnchors pass the same verifiers as the teacher's drafts. One that is rejected is left out; one that "
        "they can't decide stays, since its source vouches for it. Each is news about the verifier:\n\n"
        + table(["anchors", "verifier", "says"], verdicts)
    )


def _mixing(recipe: Recipe, made: Mix | None) -> str:
    if made is None or not made.rows:
        return ""
    asked = json.dumps(recipe.canonical["mix"])
    ended = {
        "none": "the asked counts are reached",
        "anchors": "the anchors ran out first",
        "synthetic": "the synthetic rows ran out first",
    }[made.binding]
    return (
        f"## Mix\n\nAsked: `{asked}`. Available: {made.anchors_available:,} anchors and {made.synthetic_available:,} "
        f"synthetic rows. Used: {made.anchors:,} + {made.synthetic:,} = {made.rows:,} rows, a share of anchors of "
        f"{made.anchors / made.rows:.4f}; {ended}. No row stands in the mix twice, and any first part of it holds "
        "at least the asked share. The arithmetic is in `mix.json`.\n\nFor another ratio: "
        f"`proofmill mix OUT --mix.kind ratio --mix.anchor_share 0.3`."
    )


def _origin(recipe: Recipe) -> str:
    teacher = recipe.teacher
    rows = [
        ["recipe", f"`{recipe.name}` version {escape(recipe.version)}, sha256 `{recipe.digest}`"],
        [
            "teacher",
            f"{teacher.kind}, model `{escape(teacher.model)}`, revision {escape(teacher.revision or 'not given')}",
        ],
        ["terms of the teacher's output", escape(teacher.terms_url or "not given")],
        ["seed", str(recipe.seed)],
        [
            "make it again",
            "`proofmill build RECIPE --out OUT`, with this recipe and the options that its sha256 covers",
        ],
        ["check it again, offline", "`proofmill verify OUT`"],
    ]
    return "## Where it comes from\n\n" + table(["", ""], rows)


_LIMITS = """## What is not guaranteed

- A verdict proves what its verifier's documentation says and no more: that the answer follows from the claims or agrees
  with the known answer. That the claims say what the problem's words say is not proved yet.
- A right answer does not make every sentence of a solution right.
- Duplicates are found to the letter and up to case, spaces and dollar signs; paraphrases are not.
- Overlap with public benchmarks has not been checked."""


def table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table."""
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def escape(text: str) -> str:
    """Text of others inside a table cell: no pipes, no line breaks, no markup."""
    return " ".join(text.split()).replace("|", "\\|").replace("<", "&lt;").replace("`", "'")
