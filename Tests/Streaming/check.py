"""Runs the checks of this folder; see run.sh."""

import sys

# Each registers its checks.
import bodies
import ends
import events
import memory
import uploads
from stand import report, wire

assert bodies and ends and events and memory and uploads
arguments = sys.argv[1:]
numbers = [int(argument) for argument in arguments if argument.isdigit()]
options = {
    "size": (numbers[0] if numbers else 256) << 20,
    "slow_size": (numbers[1] if len(numbers) > 1 else 512) << 20,
}
if "--self-test" in arguments:
    wire.PATIENCE = 4.0
    options = {"size": 64 << 20, "slow_size": 128 << 20}
sys.exit(report.run(arguments, options, "streams through the gate"))
