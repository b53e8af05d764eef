"""What the kernel tells of processes and processors."""

import re
from dataclasses import dataclass
from pathlib import Path

TICKS_PER_SECOND = 100


@dataclass(frozen=True)
class ProcessTimes:
    """In seconds, since the process began."""

    running: float
    # Ready to run, while somebody else had the processor.
    waiting: float

    def __sub__(self, earlier: "ProcessTimes") -> "ProcessTimes":
        return ProcessTimes(self.running - earlier.running, self.waiting - earlier.waiting)


def process_times(process: int) -> ProcessTimes:
    """Of all threads of the process."""
    running = waiting = 0
    for task in Path(f"/proc/{process}/task").iterdir():
        try:
            fields = (task / "schedstat").read_text().split()
        except OSError:
            continue
        running += int(fields[0])
        waiting += int(fields[1])
    return ProcessTimes(running * 1e-9, waiting * 1e-9)


def busy_seconds(processor: int) -> float:
    """How long the processor has worked, for whomever."""
    for line in Path("/proc/stat").read_text().splitlines():
        name, *fields = line.split()
        if name == f"cpu{processor}":
            user, nice, system, _, _, interrupts, soft_interrupts, stolen = map(int, fields[:8])
            return (user + nice + system + interrupts + soft_interrupts + stolen) / TICKS_PER_SECOND
    raise RuntimeError(f"there is no processor {processor}")


def resident_bytes(process: int) -> int:
    found = re.search(r"^VmRSS:\s+(\d+) kB", Path(f"/proc/{process}/status").read_text(), re.MULTILINE)
    return int(found[1]) * 1024 if found else 0


def take_precedence() -> None:
    """Where the system shares out time by sessions, ours, which `run.sh` made, comes first."""
    try:
        Path("/proc/self/autogroup").write_text("-15")
    except OSError:
        pass


def processor_name() -> str:
    found = re.search(r"^model name\s*:\s*(.*)$", Path("/proc/cpuinfo").read_text(), re.MULTILINE)
    return found[1].strip() if found else "unknown processor"
