"""`yaml-schema=NAME` and `dockerfile-lint`: files that are read by a machine which is not here, checked as it would."""

import json
import subprocess
import sys
from pathlib import Path

import yaml
from jsonschema import Draft7Validator  # type: ignore[import-untyped]
from jsonschema.validators import validator_for  # type: ignore[import-untyped]

from course.proof.sheets.run import Ran, Unavailable
from course.sheet import Block

VENDORED = {"gitlab-ci": "gitlab-ci", "github-workflow": "github-workflows", "compose": "compose-spec"}


class Checked:
    """Checks each block by itself."""

    def __init__(self, files: Path, section: str) -> None:
        self.files = files

    def run(self, block: Block) -> Ran:
        """Check one block; what is wrong stands in the text, and it fails with `invalid`."""
        found = lint(block.source) if block.kind == "dockerfile-lint" else validate(block.source, block.argument)
        return Ran(found, "invalid" if found else "")

    def close(self) -> None:
        """Do nothing: a check leaves nothing behind."""


def validate(text: str, name: str) -> str:
    """Return what is wrong with a YAML text by the schema of that name; empty if nothing is.

    The schemas are those that check-jsonschema brings, and for `kubernetes` those of Kubernetes' own API.
    """
    try:
        return "".join(map(_object, yaml.safe_load_all(text))) if name == "kubernetes" else _by_schema(text, name)
    except yaml.YAMLError as error:
        return f"the file is no YAML: {error}\n"


def _by_schema(text: str, name: str) -> str:
    """Return what is wrong with a text by one of check-jsonschema's schemas."""
    schema = json.loads(_schema(name).read_text(encoding="utf-8"))
    validator = validator_for(schema, Draft7Validator)(schema)
    faults = []
    for document in yaml.load_all(text, _Actions if name == "github-workflow" else _Tagged):
        faults += [f"{'/'.join(map(str, fault.absolute_path)) or 'the file'}: {fault.message[:300]}\n"
                   for fault in validator.iter_errors(document)]
    return "".join(faults)


def _object(described: object) -> str:
    """Return what is wrong with the description of one object of Kubernetes; words that it does not know are, too."""
    import kubernetes_validate as kubernetes  # type: ignore[import-untyped]

    if not (isinstance(described, dict) and {"apiVersion", "kind"} <= described.keys()):
        return "the file: an object needs `apiVersion` and `kind`\n"
    try:
        kubernetes.validate(described, kubernetes.latest_version(), strict=True)
    except kubernetes.ValidationError as fault:
        return f"{described['kind']}/{'/'.join(map(str, fault.absolute_path))}: {fault.message[:300]}\n"
    except kubernetes.SchemaNotFoundError as fault:
        return f"the file: {fault.message}\n"
    return ""


def _schema(name: str) -> Path:
    import check_jsonschema  # type: ignore[import-untyped]

    if name not in VENDORED:
        raise ValueError(f"there is no schema `{name}`; there are: {', '.join(sorted([*VENDORED, 'kubernetes']))}")
    return Path(check_jsonschema.__file__).parent / "builtin_schemas" / "vendor" / f"{VENDORED[name]}.json"


class _Tagged(yaml.SafeLoader):
    """Knows GitLab's tag `!reference [job, key]`, whose value another job gives."""


class _Actions(yaml.SafeLoader):
    """Reads `on` as a word, as GitHub does (YAML 1.2); of truth values only true and false."""

    yaml_implicit_resolvers = {  # noqa: RUF012 -- PyYAML's own form
        first: [(tag, form) for tag, form in found if not (tag == "tag:yaml.org,2002:bool" and first in "oOyYnN")]
        for first, found in yaml.SafeLoader.yaml_implicit_resolvers.items()}


def _reference(loader: yaml.SafeLoader, node: yaml.SequenceNode) -> list[object]:
    return loader.construct_sequence(node)


_Tagged.add_constructor("!reference", _reference)


def lint(text: str) -> str:
    """Return what hadolint finds in a Dockerfile; empty when it finds nothing. Raises Unavailable without hadolint."""
    program = Path(sys.executable).parent / "hadolint"
    if not program.is_file():
        raise Unavailable("hadolint, which has no wheel for Windows, is not installed")
    end = subprocess.run([str(program), "--no-color", "-"], input=text, capture_output=True, text=True, check=False)
    return end.stdout + end.stderr
