"""Is anything lost, or done twice, whoever is killed? Run: python bench/chaos.py [--leads 2000 --kills 36 --seed 1]

Two thousand leads with deadlines of seconds go through web, worker and pulse, started by the real commands on a
PostgreSQL of its own, half by the web and half by a program; a quarter is answered. Meanwhile processes are killed
with SIGKILL, drawn at random: keepers (the parents), sentinels, pushers, monitors, idle and busy workers, the web
and its workers, the postmaster. What `manage.py run` starts again is started again, by the same code
(`config/services.py`, `config/running.py`). Then `tests/chaos/judge.sql` reads the tables. Linux only.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.chaos.arena import Arena, histogram, wait_for
from tests.chaos.killer import Killer
from tests.chaos.visitors import Visitors


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--leads", type=int, default=2000)
    parser.add_argument("--kills", type=int, default=36)
    parser.add_argument("--seconds", type=float, default=420, help="in which the leads come")
    parser.add_argument("--seed", type=int, default=random.randrange(10_000))
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as home:
        arena = Arena(Path(home))
        try:
            return run(arena, options)
        finally:
            arena.close()


def run(arena: Arena, options: argparse.Namespace) -> int:
    killer = Killer(arena, options.seed)
    print(f"{options.leads:,} leads in {options.seconds:.0f} s, {options.kills} kills, seed {options.seed}")
    apart = options.seconds / (options.kills + 1)
    with arena.running("chaos_long"):
        start = time.monotonic()
        visitors = Visitors(arena, options.leads, options.seconds)
        for number in range(1, options.kills + 1):
            jitter = killer.dice.uniform(-0.3, 0.3)
            time.sleep(max(start + (number + jitter) * apart - time.monotonic(), 0))
            killer.kill()
        if not wait_for(arena.is_quiet, options.seconds + 120):
            print("It does not come to rest: something is still due.")
        took = time.monotonic() - start
        visitors.leave()
    print(
        f"  killed {sum(killer.kills.values())}: {', '.join(f'{n} {who}' for who, n in sorted(killer.kills.items()))}"
    )
    (owned, queued) = arena.ask("SELECT count(owner_id), count(queue_id) FROM leads_lead")[0]
    print(f"  at rest after {took:.0f} s: {owned:,} leads with an owner, {queued:,} in a queue")
    print("  lateness of each step, from its planned instant to its record:")
    print(histogram(arena.lags()))
    times, seconds = arena.overtaken()
    print(
        f"  {times} steps were due, but an answer or a move came first: {seconds:.2f} s after their time at most"
    )
    broken = arena.broken()
    for rule, times, what in broken:
        print(f"  BROKEN {times} times: {rule}; first: {what}")
    print("  the judge finds nothing" if not broken else f"  broken: {len(broken)} rules")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
