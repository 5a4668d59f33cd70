"""What a rule set does, found before leads come: rules that never fire, overlaps, gaps, each with a lead that
shows it. Pure. `analyse` finds, `say` puts a finding into words.
"""

from leadrouting.engine.analysis.analyse import DEFAULT_BUDGET, analyse, example_of
from leadrouting.engine.analysis.boxwording import say_box
from leadrouting.engine.analysis.findings import (
    Analysis,
    Cause,
    Certainty,
    Gap,
    NeverFires,
    Overlap,
    Witness,
    World,
)
from leadrouting.engine.analysis.practice import Practice, practised, settled
from leadrouting.engine.analysis.wording import say, say_gaps, say_lead

__all__ = [
    "DEFAULT_BUDGET",
    "Analysis",
    "Cause",
    "Certainty",
    "Gap",
    "NeverFires",
    "Overlap",
    "Practice",
    "Witness",
    "World",
    "analyse",
    "example_of",
    "practised",
    "say",
    "say_box",
    "say_gaps",
    "say_lead",
    "settled",
]
