"""Large readings of the configuration, made without the collector of cyclic garbage."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def uncollected() -> Iterator[None]:
    """Making millions of small objects that all stay, the collector looks at them again and again and finds
    nothing: two thirds of the time it takes. Their memory is freed by counting all the same.

    In all threads of the process; of several that ask at once, the first one switches it on again.
    """
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
