#!/usr/bin/env python3
"""Checks that modules import only what docs/architecture.md allows.

usage: check-floors.py [--self-test]

The table of floors in docs/architecture.md is the rule. Compared with it are the manifest (as
`swift package dump-package` prints it) and every import below Sources. Some rules hold whatever the
table says: they are in FORBIDDEN below. Needs Python's standard library only.
"""

import json
import pathlib
import re
import subprocess
import sys
from dataclasses import dataclass

# Part of the language; no dependency, and nothing that one could be kept apart from.
LANGUAGE = {"Swift", "Synchronization", "Glibc"}

FOUNDATION = re.compile(r"_?Foundation\w*|CoreFoundation|Dispatch")
NIO = re.compile(r"_?NIO\w*|CNIO\w*")
FORBIDDEN = [
    (
        FOUNDATION,
        {
            "Cryptography", "StrictJSON", "StrictYAML", "TokenVerification", "AccessPolicy",
            "Admission", "ReverseProxy",
        },
    ),
    (NIO, {"Admission", "AccessPolicy", "TokenVerification"}),
]
# Parsers, writers and state machines know bytes only; the handlers beside them move the bytes.
WITHOUT_NIO = re.compile(r"(?:Sources/)?ReverseProxy/(?:Codec|Hygiene|Exchange)/")

IMPORT = re.compile(
    r"^[ \t]*(?P<attributes>(?:@\w+(?:\([^)]*\))?[ \t]+)*)"
    r"(?:(?P<access>public|package|internal|fileprivate|private)[ \t]+)?"
    r"import[ \t]+(?:(?:struct|class|enum|protocol|func|var|let|typealias)[ \t]+)?(?P<module>\w+)",
    re.MULTILINE,
)
NOT_CODE = re.compile(r'"""[\s\S]*?"""|"(?:\\.|[^"\\\n])*"|//[^\n]*|/\*[\s\S]*?\*/')


@dataclass
class Module:
    floor: int
    outside: set[str]


def read_table(text: str) -> dict[str, Module]:
    """The rows `| floor | `Module` | … | from outside |` of the document."""
    table = {}
    for line in text.splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if len(cells) < 4 or not cells[0].isdigit():
            continue
        for name in re.findall(r"`([\w-]+)`", cells[1]):
            table[name] = Module(int(cells[0]), set(re.findall(r"`(\w+)`", cells[-1])))
    return table


def read_imports(source: str) -> list[tuple[str, str, str]]:
    """Every import as (module, access, attributes); comments and strings do not count."""
    code = NOT_CODE.sub(lambda match: "\n" * match.group().count("\n"), source)
    found = []
    for statement in code.replace(";", "\n").splitlines():
        for match in IMPORT.finditer(statement):
            found.append(
                (match["module"], match["access"] or "", match["attributes"] or "")
            )
    return found


def check(table, targets, sources) -> list[str]:
    """Everything that is wrong, one line each.

    `targets` is the `targets` array of `swift package dump-package`; `sources` maps a target's name
    to its files, each a name and a text.
    """
    problems = []
    is_c = {t["name"] for t in targets if t["type"] == "system"}
    kinds = {t["name"]: t["type"] for t in targets}
    importers = {}

    if not table:
        return ["docs/architecture.md has no table of floors"]
    for name in table:
        if name not in kinds:
            problems.append(f"the table names `{name}`, but the manifest does not")

    for target in targets:
        name = target["name"]
        if target["type"] == "test" or target.get("path", "").startswith("Tests/"):
            continue
        if name not in table:
            problems.append(f"`{name}` is in the manifest, but not in the table of floors")
            continue
        declared = set()
        for dependency in target["dependencies"]:
            kind, value = next(iter(dependency.items()))
            declared.add(value[0])
        imported = set()
        for file, text in sources.get(name, []):
            for module, access, attributes in read_imports(text):
                imported.add(module)
                where = f"{file}: `import {module}`"
                if WITHOUT_NIO.match(file) and NIO.fullmatch(module):
                    problems.append(f"{where}, but the state machines do without")
                if "@" in attributes:
                    problems.append(f"{where} must not have an attribute: {attributes.strip()}")
                if module in is_c or re.fullmatch(r"C[A-Z]\w*", module):
                    importers.setdefault(module, set()).add(name)
                    if access != "private":
                        problems.append(f"{where} wraps C and must be a `private import`")
                problems += violations(table, kinds, name, module, where)
        for module in sorted(declared):
            where = f"Package.swift: `{name}` depends on `{module}`"
            problems += violations(table, kinds, name, module, where)
        if target["type"] != "system" and not sources.get(name):
            problems.append(f"`{name}` has no sources")

    for module, names in sorted(importers.items()):
        if len(names) > 1:
            problems.append(f"`{module}` is C and has several importers: {sorted(names)}")
    return problems


def violations(table, kinds, name, module, where) -> list[str]:
    if module in LANGUAGE or module == name:
        return []
    for pattern, modules in FORBIDDEN:
        if name in modules and pattern.fullmatch(module):
            return [f"{where}, which `{name}` must never see"]
    if module in table:
        if table[module].floor >= table[name].floor:
            return [
                f"{where}, floor {table[module].floor},"
                f" from `{name}`, floor {table[name].floor}: only lower floors may be imported"
            ]
        return []
    if kinds.get(module) is not None:
        return [f"{where}, which is not in the table of floors"]
    if module not in table[name].outside:
        return [f"{where}, which the table does not allow to `{name}`"]
    return []


def main() -> int:
    root = pathlib.Path(__file__).resolve().parent.parent
    if sys.argv[1:] == ["--self-test"]:
        return self_test()
    if sys.argv[1:]:
        print(__doc__, file=sys.stderr)
        return 64
    table = read_table((root / "docs/architecture.md").read_text())
    dump = subprocess.run(
        ["swift", "package", "dump-package"], cwd=root, capture_output=True, text=True
    )
    if dump.returncode != 0:
        print(f"check-floors: the manifest cannot be read: {dump.stderr}", file=sys.stderr)
        return 1
    targets = json.loads(dump.stdout)["targets"]
    sources = {}
    known = set()
    for target in targets:
        folder = root / (target.get("path") or f"Sources/{target['name']}")
        known.add(folder)
        files = sorted(folder.rglob("*.swift"))
        sources[target["name"]] = [(str(f.relative_to(root)), f.read_text()) for f in files]
    problems = check(table, targets, sources)
    for folder in sorted((root / "Sources").iterdir()):
        if folder.is_dir() and folder not in known:
            problems.append(f"Sources/{folder.name} is no target of the manifest")
    for problem in problems:
        print(f"check-floors: {problem}", file=sys.stderr)
    if problems:
        return 1
    files = sum(len(sources[name]) for name in table if name in sources)
    print(f"check-floors: {len(table)} modules, {files} files: every import goes downwards")
    return 0


# The self-test: a good package, and changes of it that must each be noticed.

GOOD_TABLE = """
| floor | module | what | from outside |
|---|---|---|---|
| 0 | `CLib` | a library | |
| 1 | `Cryptography` | signatures | |
| 1 | `StrictYAML` | reader | `Yams` |
| 3 | `AccessPolicy` | rules | |
| 4 | `Admission` | decisions | |
| 5 | `ReverseProxy` | data plane | `NIOCore` |
| 8 | `tool` | command line | `ArgumentParser` |
"""
GOOD_SOURCES = {
    "Cryptography": "private import CLib\nprivate import Glibc\n",
    "StrictYAML": "import Yams\n",
    "AccessPolicy": "package import StrictYAML\n// import Foundation\n",
    "Admission": 'import AccessPolicy\nlet text = """\nimport NIOCore\n"""\n',
    "ReverseProxy": "import NIOCore\npackage import Admission\n/*\nimport Foundation\n*/",
    "tool": "import ArgumentParser\nimport struct Admission.Gatekeeper\n",
}
GOOD_DEPENDENCIES = {
    "CLib": [],
    "Cryptography": ["CLib"],
    "StrictYAML": ["Yams"],
    "AccessPolicy": ["StrictYAML"],
    "Admission": ["AccessPolicy"],
    "ReverseProxy": ["NIOCore", "Admission"],
    "tool": ["ArgumentParser", "Admission"],
}
# (what is wrong, module, its source, its dependencies, part of the complaint)
BAD = [
    ("an import upwards", "AccessPolicy", "import Admission", None, "only lower floors"),
    ("an import sideways", "StrictYAML", "import Cryptography", None, "only lower floors"),
    ("a dependency upwards", "Admission", None, ["ReverseProxy"], "only lower floors"),
    ("Foundation", "ReverseProxy", "import Foundation", None, "must never see"),
    ("FoundationEssentials", "StrictYAML", "import FoundationEssentials", None, "must never see"),
    ("FoundationNetworking", "Cryptography", "import FoundationNetworking", None, "never see"),
    ("a part of Foundation", "Admission", "import struct Foundation.Date", None, "never see"),
    ("NIO in the decision", "Admission", "internal import NIOCore", None, "must never see"),
    ("NIO by the manifest", "AccessPolicy", None, ["NIOPosix"], "must never see"),
    ("a module not listed", "tool", "import Logging", None, "does not allow"),
    ("a product not listed", "ReverseProxy", None, ["NIOSSL"], "does not allow"),
    ("two importers of C", "tool", "private import CLib", None, "several importers"),
    ("C without private", "Cryptography", "import CLib", None, "private import"),
    ("a hidden import", "Admission", "let a = 1; import NIOCore", None, "must never see"),
    ("a conditional import", "AccessPolicy", "#if X\n  import Foundation\n#endif", None, "never"),
    ("preconcurrency", "ReverseProxy", "@preconcurrency import NIOCore", None, "attribute"),
    ("testable", "tool", "@testable import Admission", None, "attribute"),
    ("exported", "tool", "@_exported import Admission", None, "attribute"),
    ("an empty target", "Admission", "", None, "has no sources"),
]


def self_test() -> int:
    def targets(dependencies):
        return [
            {
                "name": name,
                "type": "system" if name == "CLib" else "regular",
                "dependencies": [{"byName": [d, None]} for d in names],
            }
            for name, names in dependencies.items()
        ]

    def sources(texts):
        return {name: [(f"{name}.swift", text)] if text else [] for name, text in texts.items()}

    table = read_table(GOOD_TABLE)
    failures = check(table, targets(GOOD_DEPENDENCIES), sources(GOOD_SOURCES))
    for what, module, source, dependencies, complaint in BAD:
        texts = dict(GOOD_SOURCES)
        if source is not None:
            texts[module] = source
        declared = dict(GOOD_DEPENDENCIES)
        if dependencies is not None:
            declared[module] = dependencies
        problems = check(table, targets(declared), sources(texts))
        if not any(complaint in problem for problem in problems):
            failures.append(f"did not notice: {what} (said {problems})")
    more = dict(GOOD_DEPENDENCIES, Unlisted=[])
    texts = sources(dict(GOOD_SOURCES, Unlisted="let a = 1"))
    if not any("not in the table" in p for p in check(table, targets(more), texts)):
        failures.append("did not notice: a target that the table does not have")
    texts = sources(GOOD_SOURCES)
    texts["ReverseProxy"].append(("Sources/ReverseProxy/Codec/A.swift", "import NIOCore"))
    problems = check(table, targets(GOOD_DEPENDENCIES), texts)
    if not any("do without" in problem for problem in problems):
        failures.append("did not notice: NIO in a state machine")
    if not check({}, targets(GOOD_DEPENDENCIES), sources(GOOD_SOURCES)):
        failures.append("did not notice: no table at all")
    for failure in failures:
        print(f"check-floors: self-test: {failure}", file=sys.stderr)
    if failures:
        return 1
    print(f"check-floors: self-test: {len(BAD) + 3} bad packages noticed, the good one passed")
    return 0


if __name__ == "__main__":
    sys.exit(main())
