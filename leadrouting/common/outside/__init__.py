"""Calling addresses that people typed in: only what is really outside, never ourselves or our neighbours."""

from leadrouting.common.outside.again import retry_after
from leadrouting.common.outside.guard import Guard, Target, guard
from leadrouting.common.outside.posting import Answer, NoAnswer, post
from leadrouting.common.outside.reach import Refused

__all__ = ["Answer", "Guard", "NoAnswer", "Refused", "Target", "guard", "post", "retry_after"]
