"""Runs the checks of this folder; see run.sh."""

import sys

from stand import report, wire

# Each registers its checks.
import handshakes
import frames_raw
import frames_libraries
import lifetimes
import crowds

assert handshakes and frames_raw and frames_libraries and lifetimes and crowds
arguments = sys.argv[1:]
numbers = [int(argument) for argument in arguments if argument.isdigit()]
options = {"connections": numbers[0] if numbers else 1000}
if "--self-test" in arguments:
    wire.PATIENCE = 4.0
    options["connections"] = 50
sys.exit(report.run(arguments, options, "WebSockets through the gate"))
