"""All benchmarks, one after the other, each in a process of its own: `make bench`."""

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent

for name in ("decisions", "analysis", "territories", "routing", "draining", "pulse"):
    print(f"\n== {name} ==", flush=True)
    subprocess.run([sys.executable, str(HERE / f"{name}.py"), *sys.argv[1:]], check=True)
