"""Who does not want to be written to, typed in by sales ops."""

import pytest
from django.urls import reverse

from leadrouting.notifications.models import OptOut


@pytest.mark.parametrize(
    ("typed", "kept"),
    [(" Jane@Acme.Example ", "jane@acme.example"), ("+49 (0)151 123-456 78", "+4915112345678")],
)
def test_an_address_is_kept_as_leads_hold_it(as_ops, typed, kept):
    answer = as_ops.post(reverse("admin:notifications_optout_add"), {"address": typed, "how": "By phone"})
    assert answer.status_code == 302
    assert OptOut.objects.get().address == kept


@pytest.mark.parametrize("typed", ["0151 12345678", "nobody", "jane@"])
def test_what_is_no_address_is_told(as_ops, typed):
    answer = as_ops.post(reverse("admin:notifications_optout_add"), {"address": typed, "how": "By phone"})
    assert answer.status_code == 200 and "is not a" in answer.content.decode()
    assert not OptOut.objects.exists()
