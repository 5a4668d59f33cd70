"""Pages of long tables, without counting them."""

from django.utils.functional import cached_property
from unfold.paginator import InfinitePaginator


class Endless(InfinitePaginator):
    """Counts a filtered list up to a limit and no further; says whether there is a next page by looking."""

    limit = 2_000

    @cached_property
    def count(self) -> int:
        rows = self.object_list.order_by()[: self.limit]
        return rows.count()
