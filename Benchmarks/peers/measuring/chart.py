"""A bar chart as SVG: requests per second, each cell against one of them."""

from html import escape

from .cells import Group
from .report import Results, Spread

WIDTH, LEFT, RIGHT = 760, 210, 110
BAR, GAP, TOP, BOTTOM = 20, 8, 44, 34
OURS, PEERS, INK, FAINT, PAPER = "#1d6fb8", "#a3a9b1", "#24292f", "#d5d9de", "#ffffff"


def draw(group: Group, base: str, results: Results) -> str:
    bars = [(cell.name, spread) for cell in group.cells
            if (spread := results.requests_against(cell.name, base)) is not None]
    bars.sort(key=lambda bar: -bar[1].middle)
    height = TOP + len(bars) * (BAR + GAP) + BOTTOM
    largest = max((spread.high for _, spread in bars), default=1.0)
    step = 0.25 if largest <= 2 else 1.0
    scale = (WIDTH - LEFT - RIGHT) / largest
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" font-size="13" '
        f'font-family="system-ui, sans-serif" fill="{INK}" role="img">',
        f"<title>Requests per second on one core, against {escape(base)}</title>",
        f'<rect width="{WIDTH}" height="{height}" fill="{PAPER}"/>',
        f'<text x="{LEFT}" y="24" font-weight="600">Requests per second on one core; {escape(base)} = 1</text>',
    ]
    bottom = height - BOTTOM
    for index in range(int(largest / step) + 1):
        x = LEFT + index * step * scale
        parts.append(f'<line x1="{x:.1f}" y1="{TOP - 6}" x2="{x:.1f}" y2="{bottom}" stroke="{FAINT}"/>')
        parts.append(f'<text x="{x:.1f}" y="{bottom + 18}" text-anchor="middle">{index * step:g}</text>')
    for index, (name, spread) in enumerate(bars):
        parts += _bar(name, spread, TOP + index * (BAR + GAP), scale)
    return "\n".join([*parts, "</svg>", ""])


def _bar(name: str, spread: Spread, y: int, scale: float) -> list[str]:
    color = OURS if name.startswith("ostiary") else PEERS
    middle = y + BAR / 2
    low, end, high = (LEFT + value * scale for value in (spread.low, spread.middle, spread.high))
    return [
        f'<text x="{LEFT - 8}" y="{middle + 4.5}" text-anchor="end">{escape(name)}</text>',
        f'<rect x="{LEFT}" y="{y}" width="{end - LEFT:.1f}" height="{BAR}" fill="{color}"/>',
        # The quartiles.
        f'<line x1="{low:.1f}" y1="{middle}" x2="{high:.1f}" y2="{middle}" stroke="{INK}" stroke-width="1.5"/>',
        f'<text x="{max(end, high) + 6:.1f}" y="{middle + 4.5}">{spread.middle:.2f}</text>',
    ]
