"""Measures the gateway against its peers; `run.sh` prepares everything and calls this."""

import argparse
import datetime
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from . import chart, document, machine, report, tokens
from .cells import GROUPS
from .proxies import Programs
from .rounds import Rounds, Slice

REPOSITORY = Path(__file__).parents[3]
QUICK_ROUNDS, FULL_ROUNDS = 5, 40
# Several times what our cache of verified tokens holds, so that none is found there.
DISTINCT_TOKENS = 100_000
CHECK_SECONDS = 0.2
CHART_BASE = "HAProxy, no check"


def main() -> None:
    options = _options()
    results = Path(options.results)
    if options.check:
        _measure(options, Path(os.devnull))
        print("peers: every proxy passes good tokens and refuses bad ones")
        return
    if not options.report:
        about = _measure(options, results)
        results.with_suffix(".about").write_text(about + "\n")
    about = results.with_suffix(".about").read_text().strip()
    found = report.Results(Slice.read(results), options.disturbance / 100)
    kept = f"{found.taken - found.dropped} of {found.taken} slices were kept."
    text = "\n\n".join((f"{about} {kept}", report.promises(found), report.figures(found)))
    print(text)
    if options.write:
        document.replace(REPOSITORY / "docs/performance.md", text)
        (REPOSITORY / "docs/images/peers.svg").write_text(chart.draw(GROUPS[0], CHART_BASE, found))
    errors = sum(one.errors for one in Slice.read(results))
    if errors:
        sys.exit(f"peers: {errors} requests failed; see the tables")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="Benchmarks/peers/run.sh", description=__doc__)
    parser.add_argument("--quick", action="store_true", help=f"{QUICK_ROUNDS} rounds, not {FULL_ROUNDS}")
    parser.add_argument("--rounds", type=int, help="that many rounds")
    parser.add_argument("--seconds", type=float, default=1, help="length of a slice (1)")
    parser.add_argument("--scenario", action="append", choices=[group.name for group in GROUPS],
                        help="only this one; can be given several times")
    parser.add_argument("--tokens", type=int, default=DISTINCT_TOKENS,
                        help=f"how many distinct tokens there are ({DISTINCT_TOKENS:,})")
    parser.add_argument("--check", action="store_true",
                        help="measure nothing; see whether all proxies pass and refuse what they must")
    parser.add_argument("--disturbance", type=float, default=10,
                        help="drop slices in which others had more than this share of a processor, in percent (10)")
    parser.add_argument("--write", action="store_true", help="write tables and chart into docs/")
    parser.add_argument("--report", action="store_true", help="measure nothing; tables of the last results")
    parser.add_argument("--results", default=os.environ.get("PEERS_RESULTS", "results.jsonl"), help="file of the slices")
    for program in ("ostiary", "envoy", "upstream", "load"):
        parser.add_argument(f"--{program}", type=Path, required=True, help=argparse.SUPPRESS)
    return parser.parse_args()


def _measure(options: argparse.Namespace, results: Path) -> str:
    groups = tuple(group for group in GROUPS if options.scenario is None or group.name in options.scenario)
    programs = Programs(options.ostiary, options.envoy, options.upstream, options.load)
    rounds = options.rounds or (QUICK_ROUNDS if options.quick else FULL_ROUNDS)
    seconds = options.seconds
    token_count = options.tokens if any(cell.load.many_tokens for group in groups for cell in group.cells) else 1
    if options.check:
        # The round that warms up is all that is needed.
        rounds, seconds, token_count = 0, CHECK_SECONDS, min(token_count, 1000)
    else:
        machine.take_precedence()
        results.unlink(missing_ok=True)
    work = Path(tempfile.mkdtemp(prefix="ostiary-peers."))
    try:
        print(f"peers: signing tokens, {token_count:,} of each algorithm", file=sys.stderr, flush=True)
        keys = work / "keys"
        keys.mkdir()
        tokens.make_all(keys, token_count)
        Rounds(programs, keys, work, seconds).run(groups, rounds, results)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return _about(rounds, options.envoy)


def _about(rounds: int, envoy: Path) -> str:
    """When, where and with what was measured."""
    haproxy = _first_line(["haproxy", "-v"]).split()[2].split("-")[0]
    nginx = _first_line(["nginx", "-v"]).split("/")[1]
    envoy_version = _first_line([str(envoy), "--version"]).split("version:")[1].split("/")[1]
    return (
        f"{datetime.date.today().isoformat()}, {machine.processor_name()}, {rounds} rounds; HAProxy {haproxy}, "
        f"nginx {nginx}, Envoy {envoy_version}.")


def _first_line(command: list[str]) -> str:
    path = os.environ.get("PATH", "") + ":/usr/sbin:/sbin"
    done = subprocess.run(command, capture_output=True, text=True, check=True, env={**os.environ, "PATH": path})
    return next(line for line in (done.stdout + done.stderr).splitlines() if line.strip())


if __name__ == "__main__":
    main()
