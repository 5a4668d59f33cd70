"""A text that hits some patterns and misses others, built by trial: whatever is returned was checked."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from itertools import islice, permutations, product

from leadrouting.engine.analysis.sampling import sample
from leadrouting.engine.conditions import Test
from leadrouting.engine.operators import Operator
from leadrouting.engine.values import read_text

PLAIN = ("something else", "other", "xyz", "q", "7", "a", "0-0", "zz 99 zz", "!", "ω")
GLUE = (" ", "", "-", " x ", "7")
MOST = 400  # texts tried


def text_for(hits: Sequence[Test], misses: Sequence[Test], taken: Collection[str]) -> str | None:
    """A folded text, none of `taken`; None when no trial succeeded, which proves nothing."""
    for text in islice(_trials(hits), MOST):
        folded = read_text(text)
        if (
            folded is not None
            and folded not in taken
            and all(test.passes(folded) for test in hits)
            and not any(test.passes(folded) for test in misses)
        ):
            return folded
    return None


def _trials(hits: Sequence[Test]) -> Iterator[str]:
    def parts(*operators: Operator) -> list[str]:
        return [test.operands[0] for test in hits if test.operator in operators]

    first = max(parts(Operator.STARTS_WITH), key=len, default="")
    last = max(parts(Operator.ENDS_WITH), key=len, default="")
    patterns = [test.operands[0].pattern for test in hits if test.operator is Operator.MATCHES]
    inner = [*parts(Operator.CONTAINS), *map(sample, patterns)]
    needed = [part for part in dict.fromkeys(inner) if part not in first and part not in last]
    if not hits:
        yield from PLAIN
    if first == last or (first and last and first.endswith(last)):
        yield first
    for glue, order in product(GLUE, islice(permutations(needed), 12)):
        core = [part for part in (first, *order, last) if part]
        yield glue.join(core)
        yield glue.join((first, *order)) + last
        yield first + glue.join((*order, last))
        for plain in PLAIN[:4]:
            yield glue.join([part for part in (first, *order, plain, last) if part])
            yield glue.join([part for part in (first, plain, *order, last) if part])
