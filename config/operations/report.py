"""The page of operations, group by group. Nothing in it names a person or a brief."""

from __future__ import annotations

import shutil
from collections.abc import Iterable

from django.conf import settings
from django.template.defaultfilters import filesizeformat
from django.utils import timezone
from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from config import parts
from config.operations import headers, room, versions, work
from config.operations.findings import Finding, Group, good_if, group
from release import public_root

#: Seconds that a due job of a queue may wait before somebody should look.
PATIENCE = {"default": 120, "mail": 300, "convert": 1800}
#: Seconds by which this host's clock may differ from the database's.
DRIFT = 2.0
#: Share of the disk, and bytes, that should be free.
FREE, LEAST = 0.1, 2 * 1024**3


def groups() -> list[Group]:
    return [
        group(gettext_lazy("Parts"), _parts),
        group(gettext_lazy("Work and mail"), _work),
        group(gettext_lazy("Public folder of this host"), _public),
        group(gettext_lazy("Clock and disk"), _ground),
        group(gettext_lazy("Own headers, asked from outside"), headers.findings),
        group(gettext_lazy("Versions"), versions.findings),
    ]


def _parts() -> Iterable[Finding]:
    for name, up in parts.states().items():
        yield good_if(up, name, _("up") if up else _("down"))


def _work() -> Iterable[Finding]:
    for queue in work.queues():
        said = _("%(due)s due, %(later)s for later, the oldest waits %(age)s seconds")
        told = said % {"due": queue.due, "later": queue.later, "age": round(queue.age)}
        yield good_if(queue.age <= PATIENCE.get(queue.name, 120), _("Queue %(name)s") % {"name": queue.name}, told)
        if queue.failed:
            said = _("%(number)s given up; `manage.py work` says what, and tries it again") % {"number": queue.failed}
            yield Finding(_("Given up in %(name)s") % {"name": queue.name}, said, "hold")
    mails, last = work.mails(), work.last_mail()
    said = _("%(waiting)s waiting, %(gone)s given up") % {"waiting": mails["waiting"], "gone": mails["given up"]}
    yield good_if(not mails["given up"], _("Mail"), said, "hold")
    yield Finding(_("Last letter"), _("%(time)s ago") % {"time": timesince(last)} if last else _("none yet"))
    yield Finding(_("Embargoes ahead"), str(work.ahead().count))


def _public() -> Iterable[Finding]:
    served = public_root.generation()
    if served is None:
        said = _("not written yet: pages are answered by the web processes")
        yield Finding(_("Generation"), said, "hold")
        return
    said = _("%(name)s, written %(time)s ago") % {
        "name": served.name[-8:],
        "time": timesince(served.written, timezone.now()),
    }
    yield Finding(_("Generation"), said)
    current = public_root.is_current()
    yield good_if(current, _("Current"), _("says what the database says") if current else _("behind the database"))


def _ground() -> Iterable[Finding]:
    ahead = room.clock_difference()
    said = _("%(seconds)s seconds ahead of the database; the database decides") % {
        "seconds": f"{round(ahead, 2) + 0.0:+.2f}"
    }
    yield good_if(abs(ahead) <= DRIFT, _("Clock of this host"), said, "hold")
    usage = shutil.disk_usage(settings.DATA_DIR)
    told = _("%(free)s of %(total)s free") % {
        "free": filesizeformat(usage.free),
        "total": filesizeformat(usage.total),
    }
    enough = usage.free >= min(LEAST, usage.total * FREE)
    yield good_if(enough, _("Disk of DATA_DIR"), told)
