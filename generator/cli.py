"""The verbs of the command line, one small class each. Exit codes: 0 done, 1 failed, 2 wrong input, 3 budget ended."""

import logging
import os
import sys
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic_settings import CliApp, CliPositionalArg, CliSubCommand, SettingsError, get_subcommand

from proofmill import __version__
from proofmill.arguments import option_mistakes, whole
from proofmill.errors import InputError, RunFailed

DONE, FAILED, WRONG_INPUT, BUDGET_ENDED = 0, 1, 2, 3


class _Verb(BaseModel):
    """Options of one verb: typed, documented by their docstrings, unknown ones refused."""

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)

    def run(self) -> int:
        """Do it; the exit code."""
        raise NotImplementedError


class TeacherOptions(BaseModel):
    """Replace what the recipe says of its teacher."""

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)

    kind: Literal["openai", "replay"] | None = None
    """Another kind of teacher; the recipe's settings for its own kind are dropped."""
    model: str | None = None
    """Model id."""
    base_url: str | None = None
    """Root of an OpenAI-compatible API, up to and including /v1."""
    path: str | None = None
    """File of recorded replies (kind replay)."""
    temperature: float | None = None
    max_tokens: int | None = None
    in_flight: int | None = None
    """Requests under way at once, at most."""


class Build(_Verb):
    """Make the dataset that a recipe asks for, or go on with it.

    Example: proofmill build recipes/quickstart.yaml --out out/quickstart
    """

    recipe: CliPositionalArg[str]
    """Path of a recipe, or the name of a shipped one."""
    out: Path
    """Folder of the dataset."""
    rows: int | None = None
    """Accepted rows that are wanted."""
    teacher: TeacherOptions = TeacherOptions()
    anchors: Path | None = None
    """JSONL file to take the recipe's (one) source of anchors from; licence and columns stay as the recipe says."""
    set: list[str] = Field(default=[])
    """Replace any key of the recipe: --set wanted.hours=2 --set repair.rounds=1."""

    def run(self) -> int:
        from proofmill.building import build_recipe
        from proofmill.options import overrides
        from proofmill.progress import print_funnel
        from proofmill.recipe import load_recipe

        recipe = load_recipe(self.recipe, **overrides(self.recipe, self.model_dump(exclude={"recipe", "out"})))
        console = _console()
        result = build_recipe(recipe, self.out, console)
        print_funnel(console, result.funnel, wanted=recipe.wanted.rows)
        console.print(f"dataset: {result.out}  (load_dataset({str(result.out)!r}))", highlight=False, soft_wrap=True)
        if result.ending == "complete":
            return DONE
        why = {"budget": "a budget ended", "exhausted": "there is nothing more to draw"}[result.ending]
        console.print(f"[yellow]{why} before {recipe.wanted.rows:,} rows were reached[/]")
        return BUDGET_ENDED


class CheckRecipe(_Verb):
    """Check a recipe without a teacher: its form, its files, and that its examples get the verdicts they promise."""

    recipe: CliPositionalArg[str]
    """Path of a recipe, or the name of a shipped one."""

    def run(self) -> int:
        from proofmill.checking import examples_that_fail, read_files
        from proofmill.recipe import load_recipe
        from proofmill.verifiers.pool import Pool

        recipe = load_recipe(self.recipe)
        read_files(recipe)
        with Pool(workers=1) as pool:
            wrong = examples_that_fail(recipe, pool)
        if wrong:
            raise InputError([f"{self.recipe}: {text}" for text in wrong])
        kept = len(recipe.examples.accepted), len(recipe.examples.rejected)
        _console().print(
            f"{recipe.name} {recipe.version}: sound; {kept[0]} examples accepted and {kept[1]} rejected, as promised",
            highlight=False,
        )
        return DONE


class Recipes(_Verb):
    """List the shipped recipes, show one, or copy one to start your own from.

    Examples: proofmill recipes; proofmill recipes show calculus; proofmill recipes new calculus my.yaml
    """

    action: CliPositionalArg[Literal["list", "show", "new"]] = "list"
    """What to do."""
    name: CliPositionalArg[str] = ""
    """Name of a shipped recipe."""
    path: CliPositionalArg[str] = ""
    """File to write the copy to."""

    def run(self) -> int:
        from proofmill.shelf import listing, new, text

        if self.action == "list":
            _console().print(listing())
        elif self.action == "show":
            sys.stdout.write(text(self.name))
        else:
            _console().print(f"wrote {new(self.name, Path(self.path or f'{self.name}.yaml'))}", highlight=False)
        return DONE


class Verify(_Verb):
    """Judge rows that exist: a JSONL file, or every row of a dataset that Proofmill made.

    Examples: proofmill verify answers.jsonl --verify maths.answer --out judged; proofmill verify out/quickstart
    """

    source: CliPositionalArg[Path]
    """A JSONL file with problem, solution, answer, gold, claims; or the folder of a dataset."""
    verify: list[str] = Field(default=[])
    """Verifiers that must all accept: --verify maths.answer,maths.arithmetic. A dataset brings its own."""
    out: Path | None = None
    """Folder for accepted.jsonl and refused.jsonl; required for a file."""
    columns: dict[str, str] = Field(default={})
    """Which column holds what: --columns problem=question --columns solution=completion."""
    seconds: float | None = Field(None, gt=0)
    """Limit for one check."""

    def run(self) -> int:
        from proofmill.reverify import verify_dataset, verify_file

        if self.source.is_dir():
            if self.verify or self.columns:
                raise InputError(
                    f"verify: expected no --verify or --columns with {self.source}: a dataset brings its own"
                )
            return DONE if verify_dataset(self.source, self.out, _console()) else FAILED
        if self.out is None:
            raise InputError("verify.out: expected --out FOLDER for accepted.jsonl and refused.jsonl (found nothing)")
        settings: dict[str, Any] = {} if self.seconds is None else {"seconds": self.seconds}
        verify_file(self.source, self.verify, self.out, self.columns, settings, _console())
        return DONE


class MixOptions(BaseModel):
    """Another ratio than the recipe's."""

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)

    kind: Literal["ratio", "rows"] | None = None
    anchor_share: float | None = None
    """Share of anchors in `mixed` (kind ratio)."""
    anchors: int | None = None
    """Anchors in `mixed` (kind rows)."""
    synthetic: int | None = None
    """Synthetic rows in `mixed` (kind rows)."""


class MixAgain(_Verb):
    """Mix a dataset again, at the same or another ratio; asks the teacher nothing.

    Example: proofmill mix out/quickstart --mix.kind ratio --mix.anchor_share 0.3
    """

    out: CliPositionalArg[Path]
    """Folder of the dataset."""
    mix: MixOptions = MixOptions()

    def run(self) -> int:
        from proofmill.remix import mix_again

        made = mix_again(self.out, self.mix.model_dump(exclude_none=True))
        _console().print(
            f"mixed: {made.anchors:,} anchors + {made.synthetic:,} synthetic = {made.rows:,} rows", highlight=False
        )
        if made.binding != "none":
            _console().print(f"{made.binding} ran out first", highlight=False)
        return DONE


class Doctor(_Verb):
    """Say what this machine offers, and what to do about what is missing."""

    def run(self) -> int:
        from proofmill.doctor import examine, print_findings

        findings = examine()
        print_findings(_console(), findings)
        return FAILED if any(finding.state == "missing" for finding in findings) else DONE


class Cli(BaseModel):
    """Verified synthetic data with human anchors beside it: no proof, no row."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    build: CliSubCommand[Build]
    """make the dataset that a recipe asks for, or go on with it"""
    check: CliSubCommand[CheckRecipe]
    """check a recipe without a teacher"""
    recipes: CliSubCommand[Recipes]
    """list the shipped recipes, show one, or copy one"""
    verify: CliSubCommand[Verify]
    """judge rows that exist: a JSONL file or a dataset"""
    mix: CliSubCommand[MixAgain]
    """mix a dataset again, at the same or another ratio"""
    doctor: CliSubCommand[Doctor]
    """say what this machine offers"""


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; the exit code."""
    arguments = sys.argv[1:] if arguments is None else arguments
    if arguments == ["--version"]:
        sys.stdout.write(f"proofmill {__version__}\n")
        return DONE
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", datefmt="%H:%M:%S")
    logging.getLogger("httpx").setLevel(logging.WARNING)
    try:
        return _parsed(arguments or ["--help"]).run()
    except InputError as why:
        return _say(WRONG_INPUT, why.mistakes)
    except (ValidationError, SettingsError) as why:
        return _say(WRONG_INPUT, option_mistakes(why))
    except RunFailed as why:
        return _say(FAILED, str(why).splitlines())
    except BrokenPipeError:  # whoever read our output has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    except OSError as why:
        return _say(FAILED, [f"error: {why}"])
    except KeyboardInterrupt:
        return _say(FAILED, ["interrupted; what was accepted is kept, and the same command goes on"])


def _parsed(arguments: list[str]) -> _Verb:
    command = CliApp.run(Cli, cli_args=whole(arguments), cli_exit_on_error=False)
    verb = get_subcommand(command, is_required=True)
    if not isinstance(verb, _Verb):
        raise TypeError(f"{verb!r} is no verb")
    return verb


def _console() -> Any:
    from rich.console import Console

    return Console()


def _say(code: int, lines: list[str]) -> int:
    for line in lines:
        sys.stderr.write(line + "\n")
    return code


if __name__ == "__main__":
    sys.exit(main())
