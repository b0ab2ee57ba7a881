"""The file is read as GitLab reads it: templates are filled in, rules are asked for four kinds of pipelines."""

import re
from typing import Any

import yaml

from course.check import Failure, TextAnswer, check, expect, require

Job = dict[str, Any]
SCRIPTS = {"test": "uv run pytest --junitxml=report.xml", "build": "uv build",
           "deploy": './deploy.sh dist/ "$DEPLOY_KEY"'}
MAIN = {"CI_DEFAULT_BRANCH": "main", "CI_PROJECT_NAME": "shelf"}
PIPELINES = {"a push to main": MAIN | {"CI_COMMIT_BRANCH": "main", "CI_COMMIT_REF_NAME": "main",
                                       "CI_PIPELINE_SOURCE": "push"},
             "a push to another branch": MAIN | {"CI_COMMIT_BRANCH": "search", "CI_COMMIT_REF_NAME": "search",
                                                 "CI_PIPELINE_SOURCE": "push"},
             "a request": MAIN | {"CI_PIPELINE_SOURCE": "merge_request_event", "CI_MERGE_REQUEST_IID": "7",
                                  "CI_COMMIT_REF_NAME": "search", "CI_MERGE_REQUEST_TARGET_BRANCH_NAME": "main"},
             "a tag": MAIN | {"CI_COMMIT_TAG": "v1.0", "CI_COMMIT_REF_NAME": "v1.0", "CI_PIPELINE_SOURCE": "push"}}
GLOBAL = ("image", "cache", "before_script", "after_script", "services")  # may stand at the top, as in `default`
WORD = r"""(\$\w+|\$\{\w+\}|"[^"]*"|'[^']*'|null)"""
PART = re.compile(rf"{WORD}\s*(?:(==|!=)\s*{WORD})?")


class Pipeline:
    """A file whose templates and defaults are filled in."""

    def __init__(self, text: str) -> None:
        try:
            whole = yaml.safe_load(text)
        except yaml.YAMLError as error:
            raise Failure(f"This is no YAML: {error}", hint=1) from None
        require(isinstance(whole, dict), "The file holds no jobs", hint=1)
        self.whole: Job = whole
        default = {name: whole[name] for name in GLOBAL if name in whole} | (whole.get("default") or {})
        self.jobs = {name: default | self.filled(name) for name in SCRIPTS if isinstance(whole.get(name), dict)}
        missing = [name for name in SCRIPTS if name not in self.jobs]
        require(not missing, f"There is no job called {', '.join(missing)}", hint=1)

    def filled(self, name: str, depth: int = 0) -> Job:
        """Return a job with what it extends."""
        require(depth < 9, f"`{name}` extends itself", hint=1)
        job = dict(self.whole[name])
        above: Job = {}
        extends = job.pop("extends", [])
        for one in [extends] if isinstance(extends, str) else extends:
            require(isinstance(self.whole.get(one), dict), f"`{name}` extends `{one}`, which is not there", hint=1)
            above |= self.filled(one, depth + 1)
        return above | job

    def runs(self, name: str, facts: dict[str, str]) -> bool:
        """Say whether a job is in a pipeline."""
        for rules in ((self.whole.get("workflow") or {}).get("rules"), self.jobs[name].get("rules")):
            if rules is not None and not decided(rules, facts):
                return False
        return True


def decided(rules: list[Job], facts: dict[str, str]) -> bool:
    """Say what the first rule that fits decides."""
    for rule in rules:
        if "if" not in rule or holds(str(rule["if"]), facts):
            return rule.get("when") != "never"
    return False


def holds(words: str, facts: dict[str, str]) -> bool:
    """Say whether a condition holds."""
    def value(word: str) -> str | None:
        return facts.get(word.strip("${}")) if word.startswith("$") else None if word == "null" else word[1:-1]

    def one(part: str) -> bool:
        found = PART.fullmatch(part.strip().removeprefix("(").removesuffix(")").strip())
        require(found is not None, f"The check cannot read this condition: {words}", hint=2)
        left, sign, right = found.groups()
        return bool(value(left)) if not sign else (value(left) == value(right)) == (sign == "==")
    return any(all(one(part) for part in some.split("&&")) for some in words.split("||"))


@check("the jobs are there, with their scripts and an image that stays")
def keeps_the_jobs(answer: TextAnswer) -> None:
    """Three jobs; the version has two numbers."""
    pipeline = Pipeline(answer.text)
    for name, script in SCRIPTS.items():
        lines = pipeline.jobs[name].get("script")
        expect([lines] if isinstance(lines, str) else lines, [script], f"The script of {name}", hint=1)
        image = pipeline.jobs[name].get("image", "")
        image = image.get("name", "") if isinstance(image, dict) else image
        require(bool(re.fullmatch(r"python:\d+\.\d+[\w.-]*(@sha256:\w+)?", str(image))), f"The image of {name} is "
                f"{image!r}; it should be python: and a version with at least two numbers", hint=3)


@check("no secret stands in the file", needs=keeps_the_jobs)
def keeps_no_secret(answer: TextAnswer) -> None:
    """Nowhere, under any name."""
    Pipeline(answer.text)
    require("sk-live" not in answer.text, "The key is still in the file", hint=3)
    require(not re.search(r"^\s*DEPLOY_KEY\s*:", answer.text, re.MULTILINE), "DEPLOY_KEY is given a value in the file: "
            "that would hide the one from the project's settings", hint=3)


@check("the report is there when tests have failed", needs=keeps_the_jobs)
def keeps_the_report(answer: TextAnswer) -> None:
    """JUnit, always."""
    artifacts = Pipeline(answer.text).jobs["test"].get("artifacts") or {}
    junit = (artifacts.get("reports") or {}).get("junit")
    require(junit in ("report.xml", ["report.xml"]), f"The JUnit report of test is {junit!r}, not report.xml", hint=2)
    expect(artifacts.get("when", "on_success"), "always", "When the artifacts of test are kept", hint=2)


@check("results are artifacts, downloads are cached", needs=keeps_the_jobs, points=2)
def hands_over(answer: TextAnswer) -> None:
    """dist/ by an artifact; the cache by the lock file."""
    pipeline = Pipeline(answer.text)
    paths = (pipeline.jobs["build"].get("artifacts") or {}).get("paths") or []
    require(any(str(path).strip("./").split("/")[0] == "dist" for path in paths), f"The artifacts of build are {paths}:"
            " dist/ is not among them", hint=2)
    needs = pipeline.jobs["deploy"].get("needs")
    plain = [one for one in needs or [] if isinstance(one, dict) and one.get("job") == "build"]
    require(all(one.get("artifacts", True) for one in plain), "deploy needs build without its artifacts", hint=2)
    expect(pipeline.jobs["deploy"].get("dependencies", ["build"]).count("build"), 1, "How often build is among the "
           "dependencies of deploy", hint=2)
    used = [job["cache"] for job in pipeline.jobs.values() if job.get("cache")]
    require(bool(used), "No job has a cache", hint=2)
    for cache in (one for some in used for one in (some if isinstance(some, list) else [some])):
        expect([str(path).strip("./").rstrip("/") for path in cache.get("paths", [])], ["cache/uv"], "The paths of the "
               "cache, without dots and slashes at their ends", hint=2)
        key = cache.get("key")
        files = key.get("files") if isinstance(key, dict) else None
        expect(files, ["uv.lock"], "The files by which the cache's key is made", hint=2)


@check("`deploy` runs on main alone, the others as before", needs=keeps_the_jobs)
def deploys_main(answer: TextAnswer) -> None:
    """Four kinds of pipelines."""
    pipeline = Pipeline(answer.text)
    require(not any("only" in job or "except" in job for job in pipeline.jobs.values()), "`only` and `except` are the "
            "form of yesterday: write `rules`", hint=3)
    for story, facts in PIPELINES.items():
        expect(pipeline.runs("deploy", facts), story == "a push to main", f"For {story}; whether deploy runs", hint=2)
        if story != "a tag":
            for name in ("test", "build"):
                expect(pipeline.runs(name, facts), True, f"For {story}; whether {name} runs", hint=2)


@check("who waits for whom", needs=keeps_the_jobs)
def waits(answer: TextAnswer) -> None:
    """deploy for both, build for nobody."""
    pipeline = Pipeline(answer.text)
    stages = pipeline.whole.get("stages", ["build", "test", "deploy"])
    waited = {name: waits_for(name, pipeline.jobs, stages) for name in ("build", "deploy")}
    expect(sorted(waited["deploy"]), ["build", "test"], "The jobs that deploy waits for", hint=2)
    require("test" not in waited["build"], "build waits for test", hint=2)


def waits_for(name: str, jobs: dict[str, Job], stages: list[str]) -> set[str]:
    """Return the jobs that must have ended, by `needs` or by the stages before."""
    needs = jobs[name].get("needs")
    if needs is not None:
        return {one["job"] if isinstance(one, dict) else one for one in needs}
    own = stages.index(jobs[name].get("stage", "test"))
    return {other for other, job in jobs.items() if stages.index(job.get("stage", "test")) < own}


@check("one deployment at a time, and none is broken off", needs=deploys_main)
def one_at_a_time(answer: TextAnswer) -> None:
    """resource_group, interruptible."""
    jobs = Pipeline(answer.text).jobs
    require(bool(jobs["deploy"].get("resource_group")), "Two pipelines can deploy at the same time: deploy has no "
            "resource_group", hint=2)
    expect(bool(jobs["deploy"].get("interruptible", False)), False, "Whether a newer push may break deploy off", hint=2)
    expect(bool(jobs["test"].get("interruptible", False)), True, "Whether a newer push may break test off", hint=2)
