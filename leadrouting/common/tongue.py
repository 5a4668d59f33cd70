"""What the pure rooms say, in the language that is active: texts from the catalogues, figures and dates as written there."""

from datetime import date

from django.utils.dates import MONTHS
from django.utils.formats import number_format
from django.utils.translation import gettext, ngettext

from leadrouting.engine.tongue import Tongue


class Active(Tongue):
    def say(self, text: str) -> str:
        return gettext(text)

    def say_many(self, one: str, many: str, count: int) -> str:
        return ngettext(one, many, count)

    def figure(self, number: float, places: int = 0) -> str:
        return number_format(number, places, force_grouping=True)

    def day(self, day: date) -> str:
        return gettext("{day} {month} {year}").format(day=day.day, month=MONTHS[day.month], year=day.year)
