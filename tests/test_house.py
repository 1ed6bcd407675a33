"""The house as a whole: what is packed, who may import whom, and what no source file may hold."""

import ast
import os
import re
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Iterator
from functools import cache
from importlib import metadata
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
ROOMS = {"generator": "proofmill", "verifiers": "proofmill/verifiers", "sandboxes": "proofmill/sandboxes",
         "recipes": "proofmill/recipes"}  # fmt: skip
LONGEST_FILE, LONGEST_FUNCTION = 275, 60
LONGER = {"generator/cli.py": 280}
"""Files that are longer already; they may shrink and no more may join them."""
FORBIDDEN_CALLS = {"eval", "exec", "compile", "sympify", "parse_expr", "lambdify", "__import__", "S", "parse_latex"}
MACHINE = re.compile(
    r"/work/(?:main|venv|shared)|/root/|/home/\w+/|/tmp/\w|pypi\.org/simple|files\.pythonhosted|index-url|registry\.npmjs"
)


@cache
def tracked() -> tuple[str, ...]:
    """The files that git knows, or is about to know."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode != 0:
        pytest.skip("this is no git checkout")
    return tuple(name for name in listed.stdout.splitlines() if (ROOT / name).is_file())


def sources(*rooms: str) -> list[Path]:
    """Python files of some rooms."""
    return sorted(ROOT / name for name in tracked() if name.endswith(".py") and name.partition("/")[0] in rooms)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the wheel and the sdist, built from a copy of the tracked files."""
    folder = tmp_path_factory.mktemp("packed")
    for name in tracked():
        (folder / "copy" / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / "copy" / name).write_bytes((ROOT / name).read_bytes())
    for what in ("wheel", "sdist"):
        program = f"import sys; from setuptools import build_meta; build_meta.build_{what}(sys.argv[1])"
        command = [sys.executable, "-c", program, str(folder)]
        done = subprocess.run(command, cwd=folder / "copy", capture_output=True, text=True, timeout=120)
        assert done.returncode == 0, done.stdout + done.stderr
    return folder


def test_the_wheel_holds_every_file_of_the_four_rooms(built: Path) -> None:
    """Each module, recipe and py.typed that git knows is in the wheel at its place, and nothing else is."""
    (wheel,) = built.glob("*.whl")
    with zipfile.ZipFile(wheel) as packed:
        found = {name for name in packed.namelist() if ".dist-info/" not in name}
    expected = {
        f"{ROOMS[room]}/{rest}" for room, _, rest in (name.partition("/") for name in tracked()) if room in ROOMS
    }
    assert found == expected
    assert {"proofmill/py.typed", "proofmill/recipes/quickstart.yaml", "proofmill/verifiers/verdict.py"} <= found


def test_the_sdist_can_be_built_from(built: Path) -> None:
    """The source archive holds all that the wheel is made of."""
    (archive,) = built.glob("*.tar.gz")
    with tarfile.open(archive) as packed:
        found = {name.partition("/")[2] for name in packed.getnames()}
    needed = {name for name in tracked() if name.partition("/")[0] in ROOMS or name in ("pyproject.toml", "LICENSE")}
    assert needed <= found, sorted(needed - found)


def test_arrows_go_downstairs() -> None:
    """The import contract of pyproject.toml holds."""
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    if not Path(command[0]).is_file():
        pytest.skip("import-linter is not installed")
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout


def elsewhere(program: str, cwd: Path) -> str:
    """What a program prints, in a process that starts outside the checkout."""
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, cwd=cwd, env=dict(os.environ), capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_the_public_library_verifiers_can_stand_beside_ours(tmp_path: Path) -> None:
    """Where the distribution `verifiers` is installed, `import verifiers` means it, and ours is proofmill.verifiers."""
    try:
        metadata.distribution("verifiers")
    except metadata.PackageNotFoundError:
        pytest.skip("the public library `verifiers` is not installed: pip install --no-deps verifiers")
    program = (
        "import proofmill, proofmill.verifiers, importlib.util as u, pathlib\n"
        "assert proofmill.verify([{'answer': '4', 'gold': '4'}], verify=['maths.answer'])[0].outcome == 'accept'\n"
        "print(pathlib.Path(proofmill.verifiers.__file__).parent, pathlib.Path(u.find_spec('verifiers').origin).parent)"
    )
    ours, theirs = elsewhere(program, tmp_path).split()
    assert ours != theirs
    assert Path(theirs).name == "verifiers"
    assert "proofmill" not in theirs


def test_our_rooms_take_no_name_of_their_own(tmp_path: Path) -> None:
    """No module of ours can be imported as top-level generator, sandboxes or recipes, nor as verifiers."""
    program = (
        "import importlib.util as u\n"
        "print([s.origin for s in map(u.find_spec, ('generator', 'sandboxes', 'recipes', 'verifiers')) if s])"
    )
    assert str(ROOT) not in elsewhere(program, tmp_path)


def test_rooms_are_imported_by_their_full_name() -> None:
    """Sources import `proofmill.verifiers...`, never `verifiers...`, and never relatively."""
    wrong = []
    for path in sources(*ROOMS, "tests", "benchmarks"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or "."] if isinstance(node, ast.ImportFrom) else []
            relative = isinstance(node, ast.ImportFrom) and node.level > 0
            wrong += [f"{path.name}: {name}" for name in names if relative or name.partition(".")[0] in ROOMS]
    assert wrong == []


def called(tree: ast.AST) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            yield node.lineno, node.func.id
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            ours = isinstance(node.func.value, ast.Name) and node.func.value.id in {"re", "builtins"}
            yield node.lineno, "" if ours and node.func.attr == "compile" else node.func.attr
        elif isinstance(node, ast.ImportFrom):
            yield from ((node.lineno, alias.name) for alias in node.names)


def test_no_text_is_ever_run() -> None:
    """No source of ours calls or imports eval, exec, sympify, parse_expr, lambdify or anything of that kind."""
    rooms = sources("generator", "verifiers", "sandboxes")
    assert len(rooms) > 60
    found = [
        f"{path.relative_to(ROOT)}:{line}: {name}"
        for path in rooms
        for line, name in called(ast.parse(path.read_text("utf-8")))
        if name in FORBIDDEN_CALLS
    ]
    assert found == []


def test_files_and_functions_stay_readable() -> None:
    """No source file beyond a few screens, no function beyond one."""
    long = []
    for path in sources(*ROOMS):
        text = path.read_text("utf-8")
        name, lines = path.relative_to(ROOT).as_posix(), text.count("\n")
        long += [f"{name}: {lines} lines"] if lines > LONGER.get(name, LONGEST_FILE) else []
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                size = (node.end_lineno or 0) - node.lineno + 1
                long += [f"{name}: {node.name}: {size} lines"] if size > LONGEST_FUNCTION else []
    assert long == []


def test_nothing_of_one_machine_is_written_down() -> None:
    """No tracked text names a path of somebody's machine or a host that packages come from."""
    found = []
    for name in tracked():
        if name == "tests/test_house.py" or Path(name).suffix in {".parquet", ".safetensors", ".png", ".lock"}:
            continue
        text = (ROOT / name).read_text("utf-8", errors="replace")
        lines = enumerate(text.splitlines(), 1)
        found += [f"{name}:{number}: {line.strip()[:80]}" for number, line in lines if MACHINE.search(line)]
    assert found == []
