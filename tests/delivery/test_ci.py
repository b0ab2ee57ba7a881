"""The continuous integration files are valid, pinned, and call only what noxfile.py offers."""

import ast
import os
import re
import shutil
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from check_jsonschema import main as check_jsonschema
from click.testing import CliRunner

TEST_COMMAND = "python3 noxfile.py -s test"
# `noxfile.py -s NAME` and `nox -s NAME`, in prose, YAML and shell
CALL = re.compile(r"\bnox(?:file\.py)?[ \t]+-s[ \t]+([a-z][\w-]*)")
PINNED = re.compile(r"@([0-9a-f]{40}|v\d+\.\d+\.\d+)$")


def workflows(root: Path) -> list[Path]:
    found = sorted((root / ".github/workflows").glob("*.yml"))
    assert {path.name for path in found} >= {"test.yml", "pages.yml", "nightly.yml"}
    return found


def refused(schema: str, files: list[Path]) -> str:
    """What is wrong with `files` by a schema that check-jsonschema carries along; empty when nothing is."""
    # In this process: to start the command takes a hundred times longer than to check.
    done = CliRunner().invoke(check_jsonschema, ["--builtin-schema", schema, *map(str, files)])
    assert done.exit_code in (0, 1), done.output
    return done.output if done.exit_code else ""


@pytest.mark.parametrize("schema", ["vendor.github-workflows", "custom.github-workflows-require-timeout"])
def test_github_workflows_are_valid(root: Path, schema: str) -> None:
    assert not refused(schema, workflows(root))


def test_gitlab_pipeline_is_valid(root: Path) -> None:
    assert not refused("vendor.gitlab-ci", [root / ".gitlab-ci.yml"])


@pytest.mark.parametrize(("schema", "name", "right", "wrong"), [
    ("vendor.github-workflows", ".github/workflows/test.yml", "runs-on:", "runs_on:"),
    ("vendor.gitlab-ci", ".gitlab-ci.yml", "stages: [", "stages: 1 # ["),
])
def test_an_invalid_copy_is_refused(root: Path, tmp_path: Path, schema: str, name: str, right: str,
                                    wrong: str) -> None:
    text = (root / name).read_text(encoding="utf-8")
    assert right in text
    copy = tmp_path / Path(name).name
    copy.write_text(text.replace(right, wrong, 1), encoding="utf-8")
    assert "Schema validation errors" in refused(schema, [copy])


def steps(node: Any, key: str) -> Iterator[Any]:
    """Every value under `key`, at any depth."""
    if isinstance(node, dict):
        for name, value in node.items():
            if name == key:
                yield value
            yield from steps(value, key)
    elif isinstance(node, list):
        for value in node:
            yield from steps(value, key)


def unpinned(text: str) -> list[str]:
    used = [name for name in steps(yaml.safe_load(text), "uses") if not name.startswith("./")]
    return [name for name in used if not PINNED.search(name)]


def test_actions_are_pinned(root: Path) -> None:
    for path in workflows(root):
        moving = unpinned(path.read_text(encoding="utf-8"))
        assert not moving, f"{path.name}: name a commit or a full version tag"


def test_a_moving_tag_is_found() -> None:
    text = "jobs: {a: {steps: [{uses: actions/checkout@v7}, {uses: ./here}]}}"
    assert unpinned(text) == ["actions/checkout@v7"]


def test_workflows_ask_for_no_more_than_reading(root: Path) -> None:
    for path in workflows(root):
        workflow = yaml.safe_load(path.read_text(encoding="utf-8"))
        assert workflow["permissions"] == {"contents": "read"}, path.name
        more = {name: job["permissions"] for name, job in workflow["jobs"].items() if "permissions" in job}
        allowed = {"deploy": {"pages": "write", "id-token": "write"}} if path.name == "pages.yml" else {}
        assert more == allowed, path.name


def test_nothing_is_allowed_to_fail(root: Path) -> None:
    for path in [*workflows(root), root / ".gitlab-ci.yml"]:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
        accepted = [*steps(content, "continue-on-error"), *steps(content, "allow_failure")]
        assert not accepted, f"{path.name}: a red that is accepted is not read; repair it or take it out"


def test_the_site_is_published_only_after_the_tests(root: Path) -> None:
    jobs = yaml.safe_load((root / ".github/workflows/pages.yml").read_text(encoding="utf-8"))["jobs"]
    assert jobs["test"]["uses"] == "./.github/workflows/test.yml"
    assert set(jobs["deploy"]["needs"]) == {"test", "build"}
    pipeline = yaml.safe_load((root / ".gitlab-ci.yml").read_text(encoding="utf-8"))
    assert [pipeline[job]["stage"] for job in ("site", "test", "pages")] == pipeline["stages"]
    assert pipeline["pages"]["artifacts"]["paths"] == ["public"]
    assert "mv _build/html public" in pipeline["pages"]["script"]


def sessions(source: str) -> set[str]:
    """The session names of a noxfile: functions decorated with `@nox.session`, or their `name=`."""
    names = set()
    functions = [node for node in ast.parse(source).body if isinstance(node, ast.FunctionDef)]
    for node in functions:
        for decorator in node.decorator_list:
            call = decorator if isinstance(decorator, ast.Call) else None
            if ast.unparse(call.func if call else decorator) == "nox.session":
                given = {keyword.arg: keyword.value for keyword in call.keywords} if call else {}
                names.add(ast.literal_eval(given["name"]) if "name" in given else node.name)
    return names


def callers(root: Path) -> list[Path]:
    named = [root / name for name in ("README.md", "CONTRIBUTING.md", ".ci/run", ".gitlab-ci.yml",
                                      ".pre-commit-config.yaml")]
    return [*named, *workflows(root), *sorted((root / "book").glob("**/*.md"))]


def test_every_command_that_is_named_exists(root: Path) -> None:
    offered = sessions((root / "noxfile.py").read_text(encoding="utf-8"))
    unknown = [f"{path.relative_to(root)} names the session {name!r}, noxfile.py has none of that name"
               for path in callers(root) for name in CALL.findall(path.read_text(encoding="utf-8"))
               if name not in offered]
    assert not unknown


def test_sessions_and_calls_are_read() -> None:
    noxfile = "@nox.session\ndef a(s): ...\n@nox.session(name='b-c')\ndef b(s): ...\ndef d(s): ...\n"
    assert sessions(noxfile) == {"a", "b-c"}
    text = "`python3 noxfile.py -s serve`, `py noxfile.py -s test`, `nox -s refresh -- LESSON`, nox -s ..."
    assert CALL.findall(text) == ["serve", "test", "refresh"]


def test_ci_runs_the_test_command_of_the_readme(root: Path) -> None:
    assert TEST_COMMAND in (root / "README.md").read_text(encoding="utf-8")
    script = (root / ".ci/run").read_text(encoding="utf-8")
    assert script.splitlines()[-1] == f"exec {TEST_COMMAND}"


@pytest.mark.skipif(os.name == "nt", reason=".ci/run is a bash script")
@pytest.mark.skipif(not shutil.which("bash"), reason="no bash on this machine")
def test_ci_run_starts_in_the_repository_and_passes_the_result_on(root: Path, tmp_path: Path) -> None:
    folder = tmp_path / "a checkout"
    (folder / ".ci").mkdir(parents=True)
    script = shutil.copy(root / ".ci/run", folder / ".ci/run")
    assert os.stat(script).st_mode & stat.S_IXUSR, ".ci/run is not executable: chmod +x .ci/run"
    stand_in = tmp_path / "bin/python3"
    stand_in.parent.mkdir()
    stand_in.write_text('#!/bin/sh\necho "$PWD" "$@"\nexit 3\n', encoding="utf-8")
    stand_in.chmod(0o755)
    environment = {**os.environ, "PATH": f"{stand_in.parent}{os.pathsep}{os.environ['PATH']}"}
    done = subprocess.run([script], cwd=tmp_path, env=environment, capture_output=True, text=True,
                          check=False)
    assert (done.returncode, done.stdout.strip()) == (3, f"{folder.resolve()} noxfile.py -s test")


def test_pre_commit_needs_no_other_repository(root: Path) -> None:
    path = root / ".pre-commit-config.yaml"
    subprocess.run([sys.executable, "-m", "pre_commit", "validate-config", str(path)], check=True)
    repositories = yaml.safe_load(path.read_text(encoding="utf-8"))["repos"]
    assert [repository["repo"] for repository in repositories] == ["local"]
    assert all(hook["language"] == "system" for hook in repositories[0]["hooks"])
