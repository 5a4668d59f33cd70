"""Custom attributes: what may be said of a lead beyond its own fields."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.generics import ListAPIView

from leadrouting.api.paging import ByKey
from leadrouting.api.serializers.attributes import AttributeDocument
from leadrouting.leads.models import Attribute


@extend_schema_view(get=extend_schema(summary="The custom attributes that sales ops have defined"))
class Attributes(ListAPIView[Attribute]):
    """For everybody who is logged in: they are no secret, and everybody may receive leads."""

    queryset = Attribute.objects.all()
    serializer_class = AttributeDocument
    pagination_class = ByKey
    filter_backends = ()
