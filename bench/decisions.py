"""Decisions per second: raw facts -> rule and ladder, on one core. Run: python bench/decisions.py [--quick]

Every lead is different and is timed once: each round has leads of its own. Compiled and plain walk are
compared on a sample in the same run.
"""

from __future__ import annotations

import argparse
import gc
import sys
from pathlib import Path
from time import perf_counter

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.rulegen import CATALOGUE, leads, rule_set
from leadrouting.engine.compile import compile_rules
from leadrouting.engine.walk import Walk

SIZES = (10, 1_000, 10_000)
SEED = 20260329


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer leads, for a smoke test")
    parser.add_argument("--rounds", type=int, default=3, help="the best of this many rounds is reported")
    options = parser.parse_args()
    count = 5_000 if options.quick else 50_000
    print(f"Best of {options.rounds} rounds of {count:,} leads, all different\n")
    print("  rules  compile s  decisions/s  plain walk/s   ratio  median winner  only the last rule")
    for size in SIZES:
        measure(size, count, options.rounds)
    return 0


def measure(size: int, count: int, rounds: int) -> None:
    warm, *batches = [leads(count, SEED + number) for number in range(rounds + 1)]
    ruleset = rule_set(size, SEED)
    used = {(c.fact, c.operator) for rule in ruleset.rules for c in rule.conditions}
    began = perf_counter()
    compiled = compile_rules(ruleset, CATALOGUE)
    compile_seconds = perf_counter() - began
    match = compiled.match
    for lead in warm:
        match(lead)
    rate = max(per_second(match, batch) for batch in batches)
    fresh = batches[0]

    sample = fresh[: max(100, 200_000 // size)]
    walk = Walk(ruleset, CATALOGUE)
    walk_rate = per_second(walk.match, sample)
    wrong = [lead for lead in sample if walk.match(lead) is not match(lead)]
    if wrong:
        raise SystemExit(f"{len(wrong)} of {len(sample)} leads differ between walk and compiled: {wrong[0]}")

    winners = sorted(rule.id if (rule := match(lead)) else size for lead in fresh)
    last = sum(1 for winner in winners if winner == size) / len(winners)
    print(
        f"{size:7,}  {compile_seconds:9.3f}  {rate:11,.0f}  {walk_rate:12,.0f}  {rate / walk_rate:5,.0f}x"
        f"  {winners[len(winners) // 2]:13,}  {last:20.1%}"
    )
    facts_each = sum(map(len, fresh)) / len(fresh)
    print(
        f"         {facts_each:.0f} facts each, {len({c for c, _ in used})} in use; {len(used)} (fact, operator) pairs, {len(sample)} leads checked"
    )


def per_second(match, batch: list) -> float:
    gc.collect()
    gc.disable()
    began = perf_counter()
    for lead in batch:
        match(lead)
    seconds = perf_counter() - began
    gc.enable()
    return len(batch) / seconds


if __name__ == "__main__":
    raise SystemExit(main())
