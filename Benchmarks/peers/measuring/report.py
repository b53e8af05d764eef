"""From slices to ratios, and from those to tables."""

import math
import statistics
from collections.abc import Iterable
from dataclasses import dataclass

from .cells import GROUPS, ROWS, UNPROXIED, Cell, Row
from .rounds import Slice

MEBIBYTE = 1 << 20


@dataclass(frozen=True)
class Spread:
    """Median and quartiles."""

    low: float
    middle: float
    high: float
    count: int

    @staticmethod
    def of(values: Iterable[float]) -> "Spread | None":
        ordered = sorted(values)
        if len(ordered) < 2:
            return Spread(ordered[0], ordered[0], ordered[0], 1) if ordered else None
        low, middle, high = statistics.quantiles(ordered, n=4, method="inclusive")
        return Spread(low, middle, high, len(ordered))


class Results:
    def __init__(self, slices: list[Slice], most_disturbance: float) -> None:
        self.dropped = sum(one.disturbance > most_disturbance for one in slices)
        self.taken = len(slices)
        self.by_cell: dict[str, dict[int, Slice]] = {}
        for one in slices:
            if one.disturbance <= most_disturbance:
                self.by_cell.setdefault(one.cell, {})[one.round] = one

    def of(self, cell: str) -> list[Slice]:
        return list(self.by_cell.get(cell, {}).values())

    def ratio(self, row: Row) -> Spread | None:
        """Of every round in which both cells were measured."""
        ours, base = self.by_cell.get(row.cell, {}), self.by_cell.get(row.base, {})
        alone = self.by_cell.get(UNPROXIED, {})
        ratios = []
        for number in ours.keys() & base.keys():
            if row.measure == "added p50":
                if number not in alone:
                    continue
                added = [one.p50 - alone[number].p50 for one in (ours[number], base[number])]
            else:
                added = [_figure(row, one) for one in (ours[number], base[number])]
            if added[1] > 0:
                ratios.append(added[0] / added[1])
        return Spread.of(ratios)

    def requests_against(self, cell: str, base: str) -> Spread | None:
        return self.ratio(Row("", "", cell, base, "requests", None, None))


def promises(results: Results) -> str:
    lines = ["| scenario | against | target | stop at | measured | rounds | |", "|---|---|---:|---:|---:|---:|---|"]
    for row in ROWS:
        ratio = results.ratio(row)
        sign = "≤ " if row.less_is_better else "≥ "
        bounds = (f"{sign}{bound:g}" if bound is not None else "" for bound in (row.target, row.stop))
        start = f"| {row.scenario} | {row.against} | {' | '.join(bounds)} "
        if ratio is None:
            lines.append(start + "| not measured | 0 | |")
            continue
        lines.append(start + f"| {_ratio(ratio)} | {ratio.count} | {_verdict(row, ratio)} |")
    return "\n".join(lines)


def _verdict(row: Row, ratio: Spread) -> str:
    if row.target is None or row.stop is None:
        return ""
    if row.keeps(ratio.middle, row.target):
        return "reached"
    return "short of the target" if row.keeps(ratio.middle, row.stop) else "**missed**"


def figures(results: Results) -> str:
    """One table for each group."""
    parts = []
    for group in GROUPS:
        large = any(cell.load.body > MEBIBYTE or cell.load.upload for cell in group.cells)
        unit = "GB/s" if large else "requests/s"
        cost = "processor, s/GB" if large else "processor, µs/request"
        parts.append(
            f"| {group.title} | {unit} | {cost} | p50, µs | p99, µs | memory at rest → after, MiB | errors |\n"
            "|---|---:|---:|---:|---:|---:|---:|\n"
            + "\n".join(_figures_line(cell, results.of(cell.name), large) for cell in group.cells))
    return "\n\n".join(parts)


def _figures_line(cell: Cell, slices: list[Slice], large: bool) -> str:
    if not slices:
        return f"| {cell.name} | not measured | | | | | |"
    if large:
        speed = _spread([one.bytes_per_second / 1e9 for one in slices], "{:.2f}")
        cost = _spread([one.processor_per_byte * 1e9 for one in slices], "{:.2f}")
        p50 = p99 = ""
    else:
        speed = _spread([one.requests_per_second for one in slices], "{:,.0f}")
        cost = _spread([one.processor_per_request * 1e6 for one in slices], "{:.1f}")
        p50, p99 = (f"{statistics.median(getattr(one, name) for one in slices):,.0f}" for name in ("p50", "p99"))
    if cell.kind is None:
        memory, cost = "", ""
    else:
        memory = (f"{math.ceil(slices[0].resident_at_rest / MEBIBYTE)} → "
                  f"{math.ceil(max(one.resident for one in slices) / MEBIBYTE)}")
    return f"| {cell.name} | {speed} | {cost} | {p50} | {p99} | {memory} | {sum(one.errors for one in slices)} |"


def _spread(values: list[float], form: str) -> str:
    spread = Spread.of(values)
    assert spread is not None
    return f"{form.format(spread.middle)} ({form.format(spread.low)}–{form.format(spread.high)})"


def _ratio(ratio: Spread) -> str:
    return f"{ratio.middle:.2f} ({ratio.low:.2f}–{ratio.high:.2f})"


def _figure(row: Row, one: Slice) -> float:
    match row.measure:
        case "requests":
            return one.requests_per_second
        case "bytes":
            return one.bytes_per_second
        case "bytes per processor second":
            return 1 / one.processor_per_byte
        case "p99":
            return one.p99
        case "added p50":
            return one.p50
