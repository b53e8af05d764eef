"""Asks the gate ten times a second, each time on a connection of its own, while it is attacked.

Fails when an answer is not 200 or takes longer than two seconds, and when the gate's memory grows by
more than 96 MiB.
"""

import http.client
import sys
import time

port, pid, seconds, name = int(sys.argv[1]), sys.argv[2], float(sys.argv[3]), sys.argv[4]


def resident():
    with open(f"/proc/{pid}/statm", encoding="ascii") as file:
        return int(file.read().split()[1]) * 4096


before, most, times, problems = resident(), 0, [], []
end = time.monotonic() + seconds
while time.monotonic() < end:
    start = time.monotonic()
    try:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        connection.request("GET", "/public/small")
        status = connection.getresponse().status
        connection.close()
        if status != 200:
            problems.append(f"status {status}")
    except OSError as error:
        problems.append(f"{type(error).__name__}: {error}")
    times.append(time.monotonic() - start)
    most = max(most, resident())
    time.sleep(0.1)
if max(times) > 2:
    problems.append(f"an answer took {max(times):.1f} s")
if most - before > 96 << 20:
    problems.append(f"memory grew by {(most - before) >> 20} MiB")
times.sort()
print(
    f"{name}: {len(times)} asked meanwhile, median {times[len(times) // 2] * 1000:.1f} ms, "
    f"longest {times[-1] * 1000:.0f} ms, memory +{max(0, most - before) >> 10} KiB, "
    f"{len(problems)} problems"
)
for problem in problems[:5]:
    print(f"  {problem}", file=sys.stderr)
sys.exit(1 if problems else 0)
