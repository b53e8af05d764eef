#!/usr/bin/env python3
"""Compares the verdicts of the library jsonschema with those of our own evaluator.

usage: check.py CORPUS

CORPUS: lines of JSON, each with `valid` (our verdict) and `file` (a policy as a value).
"""

import json
import pathlib
import sys

from jsonschema import Draft202012Validator
from ruamel.yaml import YAML

ROOT = pathlib.Path(__file__).resolve().parents[2]


def read_yaml(path: pathlib.Path):
    """YAML 1.2 as editors read it, through JSON, so that keys are texts."""
    return json.loads(json.dumps(YAML(typ="safe", pure=True).load(path.read_text())))


def main() -> int:
    problems = []
    validators = {}
    for name in ("policy", "policy-test"):
        schema = json.loads((ROOT / f"policies/{name}.schema.json").read_text())
        Draft202012Validator.check_schema(schema)
        validators[name] = Draft202012Validator(schema)

    files = 0
    for folder in ("policies", "examples/sample-app"):
        for path in sorted((ROOT / folder).rglob("*.yaml")):
            if path.name == "ostiary.yaml":
                continue
            files += 1
            kind = "policy-test" if path.name.endswith(".test.yaml") else "policy"
            for error in validators[kind].iter_errors(read_yaml(path)):
                problems.append(f"{path.relative_to(ROOT)}: {error.json_path}: {error.message}")

    count = 0
    with open(sys.argv[1]) as corpus:
        for line in corpus:
            entry = json.loads(line)
            count += 1
            verdict = validators["policy"].is_valid(entry["file"])
            if verdict != entry["valid"]:
                problems.append(f"jsonschema says {verdict}, we say {entry['valid']}: {line.strip()}")

    for problem in problems[:20]:
        print(f"schema: {problem[:500]}", file=sys.stderr)
    print(f"schema: {count} verdicts and {files} files, {len(problems)} problems")
    return 1 if problems or count < 500 or files < 2 else 0


if __name__ == "__main__":
    sys.exit(main())
