"""Territories: 10,000 nodes and 1,000,000 postal codes. Run: python bench/territories.py [--quick]

A tree of three levels: countries, provinces with a tenth of a country's codes each, and districts that share a
province's codes among them; a part narrows by industry or size, 2,000 nodes name accounts. Lookups are timed
one by one on leads that are all different; compiled and plain walk are compared on a sample.
"""

from __future__ import annotations

import argparse
import gc
import random
import sys
from pathlib import Path
from time import perf_counter, perf_counter_ns

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from leadrouting.common.memory import uncollected
from leadrouting.engine.territories import walk
from leadrouting.engine.territories.compile import Compiled
from leadrouting.engine.territories.nodes import Node, Spot, spot
from leadrouting.engine.territories.overlaps import overlaps
from leadrouting.engine.territories.postal import Area
from leadrouting.engine.territories.reach import Reach

SEED = 20260329
COUNTRIES = tuple("DE FR IT ES PL US SE FI TR MX".split())
INDUSTRIES = tuple("software retail finance health energy media travel food".split())
LOOKUP = 50.0  # microseconds, on average
OVERLAPS = 10.0  # seconds


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="a tenth of the size, for a smoke test")
    codes, districts = (10_000, 70) if parser.parse_args().quick else (100_000, 800)
    chance = random.Random(SEED)
    nodes = [node for country in COUNTRIES for node in tree(country, codes, districts, chance)]
    before = resident()
    began = perf_counter()
    with uncollected():
        compiled = Compiled(nodes)
    seconds = perf_counter() - began
    areas = sum(len(node.areas) for node in nodes)
    print(
        f"{len(nodes):,} nodes, {areas:,} postal areas: compiled in {seconds:.1f} s, {resident() - before} MB"
    )
    average = lookups(nodes, compiled, chance)
    began = perf_counter()
    reach = Reach(nodes)
    found = overlaps(nodes, reach=reach)
    seconds = perf_counter() - began
    print(f"{len(found)} overlaps and {len(reach.outside)} places outside their parents in {seconds:.1f} s")
    if average > LOOKUP or seconds > OVERLAPS:
        raise SystemExit(f"slower than {LOOKUP:.0f} us a lookup or {OVERLAPS:.0f} s for all overlaps")
    return 0


def tree(country: str, codes: int, districts: int, chance: random.Random) -> list[Node]:
    """`codes` single codes in `districts` nodes below ten provinces; every hundredth code is claimed twice."""
    nodes = [Node(country, countries=frozenset({country}))]
    nodes += [
        Node(f"{country}-{one}", country, areas=frozenset({Area(country, str(one), str(one))}))
        for one in range(10)
    ]
    each = codes // districts
    for number in range(districts):
        every = range(number * each, (number + 1) * each)
        own = {
            Area(country, f"{code * (100_000 // codes):05}", f"{code * (100_000 // codes):05}")
            for code in every
        }
        if number % 100 == 99:
            shared = f"{(number - 1) * each * (100_000 // codes):05}"
            own.add(Area(country, shared, shared))
        province = f"{country}-{number * 10 // districts}"
        nodes.append(Node(f"{province}-{number}", province, areas=frozenset(own)))
    for number in range(districts // 5):
        accounts = frozenset({f"{country.lower()}{number}-{one}.com" for one in range(3)})
        nodes.append(Node(f"{country}-named-{number}", country, accounts=accounts))
    for number, industry in enumerate(INDUSTRIES):
        nodes.append(Node(f"{country}-{industry}", country, industries=frozenset({industry})))
        nodes.append(Node(f"{country}-{industry}-large", f"{country}-{industry}", size_from=500 + number))
    return nodes


def lookups(nodes: list[Node], compiled: Compiled, chance: random.Random) -> float:
    """Average microseconds of a lookup, the making of its Spot included; the slowest ones are told."""
    leads = [lead(chance) for _ in range(50_000)]
    for one in leads[:5_000]:
        compiled.match(spot(*one))
    times = []
    gc.disable()
    for one in leads:
        began = perf_counter_ns()
        compiled.match(spot(*one))
        times.append(perf_counter_ns() - began)
    gc.enable()
    times.sort()
    average = sum(times) / len(times) / 1000
    print(
        f"lookup: {average:.1f} us on average, p50 {times[len(times) // 2] / 1000:.1f},"
        f" p99 {times[len(times) * 99 // 100] / 1000:.1f}, slowest {times[-1] / 1000:.0f}"
    )
    sample: list[Spot] = [spot(*one) for one in leads[:20]]
    if any(walk.match(nodes, at) != compiled.match(at) for at in sample):
        raise SystemExit("compiled and walk differ")
    return average


def lead(chance: random.Random) -> tuple[str, str, str, str, int, str]:
    country = chance.choice(COUNTRIES)
    account = f"{country.lower()}{chance.randrange(400)}-{chance.randrange(4)}.com"
    code = f"{chance.randrange(100_000):05}" if chance.random() < 0.9 else ""
    return country, "", code, chance.choice(INDUSTRIES), chance.randrange(2_000), account


def resident() -> int:
    """Megabytes of this process in memory."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1]) // 1024
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
