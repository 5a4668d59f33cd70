"""Small universes of territories for hypothesis: few values, so that nodes meet often."""

from itertools import product

from hypothesis import strategies as st

from leadrouting.engine.territories.nodes import Node, spot
from leadrouting.engine.territories.postal import area

COUNTRIES = ["DE", "FR"]
REGIONS = ["DE-BY", "DE-BE", "FR-75"]
AREAS = [area("DE", text) for text in ("8", "80", "81–82", "80500–81999", "80331", "9")] + [area("FR", "80")]
INDUSTRIES = ["software", "retail"]
ACCOUNTS = ["acme.com", "eu.acme.com", "other.org"]
SIZES = [None, 0, 10, 50]


def some(values: list, **options: object) -> st.SearchStrategy:
    return st.one_of(st.just(frozenset()), st.frozensets(st.sampled_from(values), max_size=2))


@st.composite
def trees(draw: st.DrawFn, most: int = 6) -> list[Node]:
    nodes: list[Node] = []
    for number in range(draw(st.integers(1, most))):
        above = [node.code for node in nodes]
        low, high = draw(st.sampled_from(SIZES)), draw(st.sampled_from(SIZES))
        if low is not None and high is not None and low > high:
            low, high = high, low
        nodes.append(
            Node(
                code=f"n{number}",
                parent=draw(st.sampled_from([None, *above])),
                countries=draw(some(COUNTRIES)),
                regions=draw(some(REGIONS)),
                areas=draw(some(AREAS)),
                industries=draw(some(INDUSTRIES)),
                size_from=low,
                size_to=high,
                accounts=draw(some(ACCOUNTS)),
            )
        )
    return nodes


CODES = ["", "8", "80", "80331", "80499", "80500", "81000", "82000", "82", "9", "90000"]
SPOTS = [
    spot(country, region, code, industry, size, account)
    for country, region in [
        ("DE", ""),
        ("DE", "DE-BY"),
        ("DE", "DE-BE"),
        ("FR", ""),
        ("FR", "FR-75"),
        ("", ""),
    ]
    for code, industry, size, account in product(
        CODES, ["", *INDUSTRIES], [None, 0, 10, 30, 50, 99], ["", *ACCOUNTS, "acme.org"]
    )
]
