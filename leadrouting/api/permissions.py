"""Which roles may make a call at all. Which rows they see is said by `visible_to`."""

from __future__ import annotations

from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.views import APIView

from leadrouting.teams.models import User


class NotForReps(BasePermission):
    message = "This is for managers, sales ops and services."

    def has_permission(self, request: Request, view: APIView) -> bool:
        user = request.user
        return user.is_authenticated and (user.is_ops or user.role != User.Role.REP)


class OpsOnly(BasePermission):
    message = "This is for sales ops."

    def has_permission(self, request: Request, view: APIView) -> bool:
        user = request.user
        return user.is_authenticated and user.is_ops


class SystemsOnly(BasePermission):
    message = "This is for services and sales ops."

    def has_permission(self, request: Request, view: APIView) -> bool:
        user = request.user
        return user.is_authenticated and (user.is_ops or user.role == User.Role.SERVICE)


class MaySubscribe(BasePermission):
    message = "This is for sales ops, and for services that sales ops let manage webhooks."

    def has_permission(self, request: Request, view: APIView) -> bool:
        user = request.user
        if not user.is_authenticated:
            return False
        return user.is_ops or (user.role == User.Role.SERVICE and user.may_subscribe)
