"""Decisions per second: raw facts -> rule and ladder, on one core. Run: python bench/decisions.py [--quick]

Every lead is different and is timed once, each round having leads of its own; its facts are new objects,
decoded just before, as they are when a lead comes in. Compiled rules and plain walk are compared on a sample
in the same run. `--breakdown` shows where the time goes; the clock's own cost inflates its sum.
"""

from __future__ import annotations

import argparse
import gc
import json
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from time import perf_counter
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.rulegen import CATALOGUE, leads, rule_set
from leadrouting.engine.compile import CompiledRuleSet, compile_rules
from leadrouting.engine.operators import Operator
from leadrouting.engine.walk import Walk

SIZES = (10, 1_000, 10_000)
SEED = 20260329
CHUNK = 200

Match = Callable[[dict[str, Any]], Any]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="fewer leads, for a smoke test")
    parser.add_argument("--rounds", type=int, default=5, help="the best of this many rounds is reported")
    parser.add_argument("--breakdown", action="store_true", help="where the time goes")
    options = parser.parse_args()
    count = 2_000 if options.quick else 20_000
    batches = [leads(count, SEED + number) for number in range(options.rounds + 1)]
    facts = sum(len(json.loads(lead)) for lead in batches[0]) / count
    print(f"Best of {options.rounds} rounds of {count:,} leads, all different, {facts:.0f} facts each\n")
    print(
        "  rules  compile s  decisions/s  us each  plain walk/s    ratio  median winner  only the last rule"
    )
    for size in SIZES:
        compiled = measure(size, batches)
        if options.breakdown:
            breakdown(compiled, batches[0][:5_000])
    return 0


def measure(size: int, batches: list[list[str]]) -> CompiledRuleSet:
    """Warm up on the first batch, time the others, check a sample against the plain walk."""
    ruleset = rule_set(size, SEED)
    began = perf_counter()
    compiled = compile_rules(ruleset, CATALOGUE)
    compile_seconds = perf_counter() - began
    match = compiled.match
    per_second(match, batches[0])
    rate = max(per_second(match, batch) for batch in batches[1:])

    walk = Walk(ruleset, CATALOGUE)
    sample = batches[1][: max(100, 200_000 // size)]
    walk_rate = per_second(walk.match, sample)
    wrong = [lead for lead in map(json.loads, sample) if walk.match(lead) is not match(lead)]
    if wrong:
        raise SystemExit(f"{len(wrong)} of {len(sample)} leads differ between walk and compiled: {wrong[0]}")

    winners = sorted(rule.id if (rule := match(lead)) else size for lead in map(json.loads, batches[1]))
    last = sum(winner == size for winner in winners) / len(winners)
    print(
        f"{size:7,}  {compile_seconds:9.3f}  {rate:11,.0f}  {1e6 / rate:7.1f}  {walk_rate:12,.0f}"
        f"  {rate / walk_rate:6,.0f}x  {winners[len(winners) // 2]:13,}  {last:18.1%}"
    )
    used = {(c.fact, c.operator) for rule in ruleset.rules for c in rule.conditions}
    facts, operators = {fact for fact, _ in used}, {operator for _, operator in used}
    print(
        f"         uses {len(facts)} facts, {len(operators)} of {len(Operator)} operators;"
        f" {len(sample):,} leads checked against the walk"
    )
    return compiled


def per_second(match: Match, batch: list[str]) -> float:
    """Leads per second of matching alone; decoding is not timed."""
    seconds = 0.0
    gc.collect()
    gc.disable()
    for chunk in decoded(batch):
        began = perf_counter()
        for lead in chunk:
            match(lead)
        seconds += perf_counter() - began
    gc.enable()
    return len(batch) / seconds


def decoded(batch: list[str]) -> Iterator[list[dict[str, Any]]]:
    rest = iter(batch)
    while chunk := [json.loads(lead) for lead in islice(rest, CHUNK)]:
        yield chunk


def breakdown(compiled: CompiledRuleSet, batch: list[str]) -> None:
    """Time per kind of column, by wrapping each column; what is left is the loop and the ANDs."""
    spent: dict[str, float] = defaultdict(float)
    calls: dict[str, int] = defaultdict(int)

    class Timed:
        def __init__(self, column: Any, stage: str) -> None:
            self.column = column
            self.kind = f"{stage} {type(column).__name__.removesuffix('Column').lower()} masks"

        def __getitem__(self, raw: Any) -> int:
            began = perf_counter()
            mask: int = self.column[raw]
            spent[self.kind] += perf_counter() - began
            calls[self.kind] += 1
            return mask

    def check_of(check: Any) -> Any:
        def timed(facts: Any) -> bool:
            began = perf_counter()
            answer: bool = check(facts)
            spent["residual checks"] += perf_counter() - began
            calls["residual checks"] += 1
            return answer

        return check and timed

    timed = CompiledRuleSet(
        compiled.ruleset,
        tuple((key, Timed(column, "eager")) for key, column in compiled._eager),
        tuple(
            (rule, tuple((flag, key, Timed(column, "lazy")) for flag, key, column in needs), check_of(check))
            for rule, needs, check in compiled._bits
        ),
        compiled._readers,
    )
    total = 1e6 / per_second(timed.match, batch)
    each = {kind: 1e6 * seconds / len(batch) for kind, seconds in spent.items()}
    each["loop and ANDs"] = total - sum(each.values())
    calls["residual checks"] += 0
    for kind in sorted({*each, "residual checks"}, key=lambda kind: -each.get(kind, 0)):
        print(f"           {each.get(kind, 0):6.2f} us  {calls[kind] / len(batch):5.2f} calls  {kind}")


if __name__ == "__main__":
    raise SystemExit(main())
