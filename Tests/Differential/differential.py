"""Judges tokens by four libraries and explains where they disagree; see docs/differential.md."""

import argparse
import collections
import os
import sys
import time

import classes
import corpora
import features
import mutants
import signing
from engines import JoseRFC, Judge, PyJWT
from rules import Case, Rules


def cases(count, seed):
    folder = os.environ.get("OSTIARY_VECTORS")
    if folder:
        yield from corpora.read(folder)
    else:
        print("differential: OSTIARY_VECTORS is not set: the corpora are not judged")
    keys = signing.Keys()
    rules = Rules("mutants", keys.public_set(), keys.secret_set())
    for kinds, token in mutants.make(count, seed, keys):
        yield Case("mutant: " + "+".join(kinds), rules, token)


def peers(rules, known={}):
    if rules.name not in known:
        known[rules.name] = [PyJWT(rules), JoseRFC(rules)]
    return known[rules.name]


class Comparison:
    def __init__(self):
        self.classes = collections.Counter()
        self.judged = collections.Counter()
        self.accepted = collections.Counter()
        self.unexplained = []
        self.kinds = collections.Counter()

    def add(self, case, ours, verdicts):
        origin = "mutants" if case.origin.startswith("mutant") else "corpora"
        self.judged[origin] += 1
        self.accepted[origin] += ours[0]
        found = None
        if ours[0]:
            found = features.of(case)
            if broken := found & classes.NEVER_ACCEPTED:
                self.unexplained.append((case, "the rules", ours, (False, "+".join(broken)), found))
        for engine, theirs in verdicts.items():
            if ours[0] == theirs[0]:
                continue
            found = found if found is not None else features.of(case)
            known = classes.explain(*ours, engine, found)
            if known:
                self.classes[known.name, engine] += 1
            else:
                self.unexplained.append((case, engine, ours, theirs, found))

    def report(self):
        for origin, count in sorted(self.judged.items()):
            print(f"differential: {count} {origin}, of which we accept {self.accepted[origin]}")
        for (name, engine), count in sorted(self.classes.items()):
            print(f"differential: {count:7} {engine:8} {name}")
        shown = collections.Counter()
        for case, engine, ours, theirs, found in self.unexplained:
            shown[engine, ours[0], ours[1], theirs[1]] += 1
            if shown[engine, ours[0], ours[1], theirs[1]] > 3:
                continue
            print(f"UNEXPLAINED {case.origin}: we say {verdict(ours)}, {engine} {verdict(theirs)};"
                  f" features {sorted(found)}\n  {case.token[:1500]!r}")
        print(f"differential: {len(self.unexplained)} unexplained disagreements")

    def table(self):
        """For docs/differential.md."""
        names = ["PyJWT", "joserfc", "jwt-kit"]
        lines = ["| who is stricter | about what | " + " | ".join(names) + " | why we are right |",
                 "|---|---|" + "---:|" * len(names) + "---|"]
        for who, entries in (("we", classes.STRICTER), ("others", classes.LAXER)):
            for known in entries:
                counts = [self.classes[known.name, name] for name in names]
                if any(counts):
                    numbers = " | ".join(f"{c:,}" if c else "–" for c in counts)
                    lines.append(f"| {who} | {known.name} | {numbers} | {known.why} |")
        return "\n".join(lines) + "\n"


def verdict(outcome):
    return "yes" if outcome[0] else f"no ({outcome[1]})"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--judge", required=True)
    parser.add_argument("--mutants", type=int, default=1000)
    parser.add_argument("--seed", type=int, required=True)
    options = parser.parse_args()
    print(f"differential: {options.mutants} mutants of seed {options.seed}")
    start = time.monotonic()
    judged = list(cases(options.mutants, options.seed))
    comparison = Comparison()
    for case, (ours, jwt_kit) in zip(
        judged, Judge(options.judge).judge(judged), strict=True
    ):
        verdicts = {"jwt-kit": jwt_kit}
        for peer in peers(case.rules):
            verdicts[peer.name] = peer.judge(case.token)
        comparison.add(case, ours, verdicts)
    comparison.report()
    print(f"differential: {time.monotonic() - start:.0f} s")
    if table := os.environ.get("DIFFERENTIAL_TABLE"):
        with open(table, "w") as file:
            file.write(comparison.table())
    # A run in which good tokens are refused, or bad ones not judged, has compared nothing.
    if comparison.accepted["mutants"] < options.mutants // 50:
        sys.exit("differential: hardly any mutant was accepted: the comparison is void")
    if comparison.unexplained:
        sys.exit(1)


if __name__ == "__main__":
    main()
