"""The measured tables in docs/performance.md."""

from pathlib import Path

BEGIN = "<!-- peers: begin -->"
END = "<!-- peers: end -->"


def replace(path: Path, text: str) -> None:
    """Puts the text between the markers, which must be there once each."""
    old = path.read_text()
    if old.count(BEGIN) != 1 or old.count(END) != 1:
        raise RuntimeError(f"{path}: `{BEGIN}` and `{END}` must be there once each")
    before, rest = old.split(BEGIN)
    path.write_text(f"{before}{BEGIN}\n{text.strip()}\n{END}{rest.split(END)[1]}")
