"""One task runs any job by its id; another sweeps what is due or left over (``ledger.tasks``)."""

import os
from typing import Any

from celery import Celery, signals

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
app = Celery("countersign")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["ledger"])


def _worker_lives(**_: Any) -> None:
    _sign("worker")


def _beat_lives(sender: str = "", **_: Any) -> None:
    # Only beat publishes the sweep.
    if sender == "ledger.sweep":
        _sign("beat")


def _sign(part: str) -> None:
    # Here, because this module is imported before Django's settings are.
    from config.alive import leave
    from config.parts import sign_of_life

    leave()
    sign_of_life(part)


def _tell_counts(**_: Any) -> None:
    from config.metrics import sockets

    sockets.serve("worker")


def _stand_in(instance: Any = None, **_: Any) -> None:
    from config.stand_in import Watch

    Watch(sorted(instance.app.amqp.queues.consume_from)).start()


def _keep_our_logging(**_: Any) -> None:
    """Celery would put its own format on everything, which prints what exceptions say."""
    from ledger.logs import take_over

    take_over()


signals.setup_logging.connect(_keep_our_logging)
# Before the worker has found its broker, which may take long.
signals.celeryd_after_setup.connect(_stand_in)
# In the process that does the jobs, not in the one that hands them out.
signals.worker_process_init.connect(_tell_counts)
signals.heartbeat_sent.connect(_worker_lives)
signals.before_task_publish.connect(_beat_lives)
