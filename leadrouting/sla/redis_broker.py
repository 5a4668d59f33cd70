"""The same alarm clock over Redis, for Q_REDIS_URL. Needs the extra: `pip install leadrouting[redis]`.

Redis hands a task out once: one that is lost with its worker does not come back. What the product promises
does not depend on it, because all that is due is found again in PostgreSQL.
"""

from datetime import datetime

from django.db import Error
from django_q.brokers.redis_broker import Redis
from redis import RedisError

from leadrouting.sla.broker import Pulse, Task, seconds_until


class RedisPulseBroker(Pulse, Redis):
    errors = (Error, RedisError)

    def take(self, until: datetime) -> list[Task]:
        taken = self.connection.blpop([self.list_key], max(seconds_until(until), 0.01))  # 0 waits forever
        return [(None, taken[1])] if taken else []
