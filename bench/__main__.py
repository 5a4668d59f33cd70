"""All benchmarks, one after the other, each in a process of its own: `make bench`."""

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent

RUNS = (
    "decisions", "analysis", "territories", "routing", "bulk", "recomputing", "pages", "draining", "pulse --clocks 100", "pulse --clocks 100000", "messages",
    "chaos",
)  # fmt: skip

for run in RUNS:
    print(f"\n== {run} ==", flush=True)
    name, *arguments = run.split()
    subprocess.run([sys.executable, str(HERE / f"{name}.py"), *arguments, *sys.argv[1:]], check=True)
