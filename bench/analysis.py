"""Analysis of whole rule sets: never firing, overlaps, gaps. Run: python bench/analysis.py [--quick]

Three kinds of rule sets. Spread: those of the matching benchmark, many facts, few rules in each other's way; the
last rule, which takes everything, is left off, so that gaps are looked for. Crowded: the same conditions on
six facts alone, so that most rules below are taken by several above together. Ranges: three ranges of numbers to
each rule, none of them alike, so that numbers fall into thousands of classes. The step count does not depend
on the machine; `ns` is the time per pair of rules, which would be constant if the work were quadratic.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path
from time import perf_counter

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.rulegen import CATALOGUE, COUNTRIES, VALUES, path, rule_set
from leadrouting.engine.analysis import Certainty, World, analyse
from leadrouting.engine.model import Condition, Rule, RuleSet, Step, StepKind
from leadrouting.engine.operators import Operator

SEED = 20260329
SIZES = (100, 1_000, 3_000)
CROWD = ("country", "source", "product", "tier", "urgency")
WIDE = {"company_size": 10_000, "score": 100, "deal_size": 50_000}
LIMIT = 5.0  # seconds for 1,000 rules


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="the smallest size only, for a smoke test")
    sizes = SIZES[:1] if parser.parse_args().quick else SIZES
    world = World(CATALOGUE, places())
    print("  rules  kind      seconds  us/rule  ns/pair  never  several   open  overlaps  gaps (certainty)")
    slow = []
    for size in sizes:
        for kind, ruleset in (("spread", spread(size)), ("crowded", crowded(size)), ("ranges", ranges(size))):
            seconds = measure(kind, ruleset, world)
            if size == 1_000 and seconds > LIMIT:
                slow.append(f"{kind}: {seconds:.1f} s")
    if slow:
        raise SystemExit(f"1,000 rules took more than {LIMIT:.0f} s: {', '.join(slow)}")
    return 0


def measure(kind: str, ruleset: RuleSet, world: World) -> float:
    began = perf_counter()
    found = analyse(ruleset, world)
    seconds = perf_counter() - began
    size = len(ruleset.rules)
    certain = Counter(finding.certainty for finding in found.never)
    several = sum(len(finding.above) > 1 for finding in found.never)
    open_ = certain[Certainty.NOT_DECIDED] + certain[Certainty.CANNOT_TELL]
    print(
        f"{size:7,}  {kind:8}  {seconds:7.2f}  {1e6 * seconds / size:7.0f}  {1e9 * seconds / size**2:7.0f}"
        f"  {certain[Certainty.PROVEN]:5}  {several:7}  {open_:5}  {found.overlap_count:8,}"
        f"  {len(found.gaps)} ({found.gaps_certainty})",
        flush=True,
    )
    return seconds


def places() -> dict[str, list[str]]:
    """The territory tree that the generated rules lean on."""
    r = random.Random(SEED)
    tree: dict[str, list[str]] = {}
    for country in COUNTRIES:
        above = path(country, r)[:4]
        tree |= {above[depth - 1]: above[:depth] for depth in range(1, 5)}
        tree |= {f"{country}-{number}": [*above, f"{country}-{number}"] for number in range(9)}
    return tree


def spread(size: int) -> RuleSet:
    ruleset = rule_set(size + 1, SEED)
    return replace(ruleset, rules=ruleset.rules[:-1])


def crowded(size: int) -> RuleSet:
    """Rules about where, what and how much: lists and ranges that run into each other, one in eight with OR."""
    r = random.Random(SEED)
    return RuleSet(1, tuple(_crowded(r, number) for number in range(1, size + 1)), catch_all=1)


def _crowded(r: random.Random, number: int) -> Rule:
    keys = r.sample(CROWD, r.choice((1, 2, 2, 3)))
    conditions = [_listed(r, key) for key in keys]
    low = r.randrange(0, 90)
    conditions.append(Condition("score", Operator.BETWEEN, (low, low + r.randrange(5, 40))))
    logic = "(1 OR 2)" + "".join(f" AND {n}" for n in range(3, len(conditions) + 1))
    ladder = (Step(StepKind.POOL, r.randrange(1, 20)),)
    return Rule(number, f"rule {number}", tuple(conditions), logic if r.random() < 0.125 else "", ladder)


def ranges(size: int) -> RuleSet:
    """Nothing but numbers from one to another."""
    r = random.Random(SEED)
    return RuleSet(1, tuple(_ranges(r, number) for number in range(1, size + 1)), catch_all=1)


def _ranges(r: random.Random, number: int) -> Rule:
    lows = {key: r.randrange(top) for key, top in WIDE.items()}
    conditions = tuple(
        Condition(key, Operator.BETWEEN, (low, low + r.randrange(1, WIDE[key] // 2)))
        for key, low in lows.items()
    )
    return Rule(number, f"rule {number}", conditions, "", (Step(StepKind.POOL, r.randrange(1, 20)),))


def _listed(r: random.Random, key: str) -> Condition:
    if r.random() < 0.15:
        return Condition(key, Operator.IS_NONE_OF, (VALUES[key](r),))
    return Condition(key, Operator.IS_ANY_OF, tuple(VALUES[key](r) for _ in range(r.randrange(1, 6))))


if __name__ == "__main__":
    raise SystemExit(main())
