"""Guards that nobody approves what they have not seen, whatever changes at that moment (TRUST 1 and figures).

2,000 races at the web processes: an approver signs the hash of the page before them while, at the same moment,
something about the release changes – a step is saved, the brief reopened, the imprint, a section's title, a
gate, a waiver, the embargo, the other approver's answer, the approver's own role – or the same signature
arrives twice. After each race the database is asked: every signature names the manifest that its approver
had seen; one that lives names the manifest as it is now; what is cleared bears every publisher's; and a step
is saved only of a brief that is open. Of those that were cleared some are published, and what the public is
given has the hashes that were signed. Each release is a copy of the rows of one that was really built.
Units: signatures, steps, files, answers.

Broken on purpose: without ``check_same_manifest`` and ``check_gates`` in ``sign`` the database refused every
signature on what was not seen, with an error ("errors" 9 of 104). With its trigger disabled as well 10 of 60
races ended with such a signature ("other_hash"). Without the test of clearance in brief/policies.py steps were
stored under signatures ("saved_in_clearance" 12 of 12).
"""

from __future__ import annotations

import hashlib
import json
import random
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta
from threading import Barrier
from typing import Any

from bench.client import Answer, Client
from bench.figures import Figure, none
from bench.filling import fill
from bench.stack import Stack
from bench.stack.people import forget_codes

#: Files whose bytes are compared with what was signed.
FILES = ("brief.pdf", "brief.docx", "brief.epub", "brief.zip", "SHA256SUMS")
REASON = {"reason": "A figure is wrong."}


def run(stack: Stack) -> Iterable[Figure]:
    scene = Scene(stack, random.Random(2_000))  # noqa: S311
    races = stack.times(2_000)
    with ThreadPoolExecutor(3) as pool:
        for number in range(races):
            scene.race(pool)
            if number % max(1, races // stack.times(20)) == 0:
                scene.export()
    kinds = ", ".join(f"{count} {kind}" for kind, count in sorted(scene.played.items()))
    yield none("signoff_races.other_hash", len(scene.others), races, unit="signatures", note=kinds)
    yield none("signoff_races.half_done", len(scene.half), races, unit="releases", note="; ".join(scene.half[:2]))
    saved = f"{scene.saved} saved in open briefs"
    yield none("signoff_races.saved_in_clearance", scene.slipped, scene.sent, unit="steps", note=saved)
    yield none("signoff_races.exported_otherwise", scene.otherwise, scene.exported, unit="files")
    yield none(
        "signoff_races.errors", len(scene.errors), scene.answers, unit="answers", note="; ".join(scene.errors[:2])
    )
    both = f"{scene.signed} signatures stood, {scene.refused} were refused"
    yield none("signoff_races.one_sided", int(not (scene.signed and scene.refused)), races, unit="runs", note=both)


@dataclass
class Turn:
    """One race: the release in clearance, and what was answered."""

    release: Any
    seen: str
    answers: dict[str, Answer] = field(default_factory=dict)


class Scene:
    """A brief with its people, each at a browser of their own."""

    def __init__(self, stack: Stack, luck: random.Random) -> None:
        self.stack, self.luck = stack, luck
        self.made = fill(words=120, sections=2, reviewers=0, released="built")
        people = self.made.people
        self.people = {
            "one": people.approvers[0],
            "two": people.approvers[1],
            "editor": people.editor,
            "lead": people.lead,
            "press": people.press,
        }
        self.clients: dict[str, Client] = {name: stack.client(user) for name, user in self.people.items()}
        # The same person at a second browser.
        self.clients["one again"] = stack.client(people.approvers[0])
        assert self.made.release is not None
        self.model = self.made.release
        self.turn: Turn | None = None
        self.played: Counter[str] = Counter()
        self.others: list[str] = []
        self.half: list[str] = []
        self.errors: list[str] = []
        self.slipped = self.sent = self.saved = self.exported = self.otherwise = self.answers = 0
        self.signed = self.refused = 0
        self.kinds: dict[str, Callable[[Turn], dict[str, Callable[[], Answer]]]] = {
            "steps": self._steps,
            "steps while reopened": self._steps_while_reopened,
            "reopened": self._reopened,
            "imprint": self._imprint,
            "section title": self._title,
            "gate": self._gate,
            "waiver": self._waiver,
            "embargo": self._embargo,
            "returned": self._returned,
            "both sign": self._both,
            "signed twice": self._twice,
            "role taken": self._role,
        }

    def race(self, pool: ThreadPoolExecutor) -> None:
        """Everybody acts at once on a release of this race, each up to 50 ms late."""
        name = self.luck.choice(list(self.kinds))
        self.played[name] += 1
        turn = self._fresh()
        acts = self.kinds[name](turn)
        barrier = Barrier(len(acts))

        def act(who: str, late: float) -> Answer:
            barrier.wait()
            time.sleep(late)
            return acts[who]()

        given = {who: pool.submit(act, who, self.luck.choice((0.0, self.luck.random() * 0.05))) for who in acts}
        turn.answers = {who: each.result() for who, each in given.items()}
        self.answers += len(acts)
        for who, answer in turn.answers.items():
            # Whose role was taken in between does not know of the release any more.
            unknown = answer.status == 404 and not (name == "role taken" and who == "one")
            if answer.status >= 500 or answer.status == 400 or unknown:
                self.errors.append(f"{name}, {who}: {answer.status}")
        self._judge(name, turn)

    # --- what happens at once ------------------------------------------------------------------------

    def _steps(self, turn: Turn) -> dict[str, Callable[[], Answer]]:
        return {"one": self._sign("one", turn), "lead": self._save, "two": self._sign("two", turn)}

    def _steps_while_reopened(self, turn: Turn) -> dict[str, Callable[[], Answer]]:
        return {
            "one": self._sign("one", turn),
            "editor": self._post("editor", turn, "reopen/", REASON),
            "lead": self._save,
        }

    def _reopened(self, turn: Turn) -> dict[str, Callable[[], Answer]]:
        return {
            "one": self._sign("one", turn),
            "lead": self._post("lead", turn, "reopen/", REASON),
            "two": self._sign("two", turn),
        }

    def _imprint(self, turn: Turn) -> dict[str, Callable[[], Answer]]:
        fields = {"title": self.made.brief.title, "language": "en-GB", "citation_style": "chicago-author-date"}
        changed = {**fields, "isbn": "", "copyright": f"© {uuid.uuid4().hex[:6]}"}
        path = f"/write/{self.made.brief.pk}/edit/"
        return {"one": self._sign("one", turn), "lead": lambda: self.clients["lead"].post(path, changed)}

    def _title(self, turn: Turn) -> dict[str, Callable[[], Answer]]:
        path = f"/write/{self.made.brief.pk}/sections/{self.made.sections[1].pk}/edit/"
        words = {"title": f"Section {uuid.uuid4().hex[:6]}"}
        return {
            "one": self._sign("one", turn),
            "lead": lambda: self.clients["lead"].post(path, words),
            "editor": self._post("editor", turn, "reopen/", REASON),
        }

    def _gate(self, turn: Turn) -> dict[str, Callable[[], Answer]]:
        """An objective that nothing covers: a gate that is checked again finds it."""
        from brief.models import Objective

        Objective.objects.create(brief=self.made.brief, text="Uncovered", order=90)
        return {
            "one": self._sign("one", turn),
            "editor": self._post("editor", turn, "check/", {}),
            "two": self._sign("two", turn),
        }

    def _waiver(self, turn: Turn) -> dict[str, Callable[[], Answer]]:
        """The page before the approver shows a gate blocked; at this moment it is waived."""
        from release import manifest
        from release.models import GateResult
        from release.states import GateState

        GateResult.objects.filter(release=turn.release, gate="imprint").update(state=GateState.BLOCKED)
        manifest.rewrite(turn.release)
        turn.seen = turn.release.manifest_sha256
        return {
            "one": self._sign("one", turn),
            "editor": self._post("editor", turn, "gates/imprint/waive/", REASON),
            "two": self._sign("two", turn),
        }

    def _embargo(self, turn: Turn) -> dict[str, Callable[[], Answer]]:
        self._take("one", turn)
        wall = {"wall_time": "2099-03-12T10:00", "zone": "Europe/Vienna"}
        return {
            "two": self._sign("two", turn),
            "press": self._post("press", turn, "launch/embargo/", wall),
            "one": self._post("one", turn, "return/", {**REASON, "manifest_sha256": turn.seen}),
        }

    def _returned(self, turn: Turn) -> dict[str, Callable[[], Answer]]:
        returned = {**REASON, "manifest_sha256": turn.seen}
        return {"one": self._sign("one", turn), "two": self._post("two", turn, "return/", returned)}

    def _both(self, turn: Turn) -> dict[str, Callable[[], Answer]]:
        return {"one": self._sign("one", turn), "two": self._sign("two", turn)}

    def _twice(self, turn: Turn) -> dict[str, Callable[[], Answer]]:
        sign = self._sign("one", turn)
        return {"one": sign, "one again": self._sign("one", turn, by="one again")}

    def _role(self, turn: Turn) -> dict[str, Callable[[], Answer]]:
        from brief.models import Role

        held = Role.objects.get(brief=self.made.brief, user=self.people["one"], role="approver")
        path = f"/write/{self.made.brief.pk}/people/{held.pk}/take/"
        return {"one": self._sign("one", turn), "lead": lambda: self.clients["lead"].post(path)}

    # --- how -----------------------------------------------------------------------------------------

    def _sign(self, who: str, turn: Turn, by: str = "") -> Callable[[], Answer]:
        person = self.people[who]
        forget_codes(person)
        given = {"manifest_sha256": turn.seen, "code": self.stack.totp(person)}
        return self._post(by or who, turn, "sign/", given)

    def _take(self, who: str, turn: Turn) -> None:
        answer = self._sign(who, turn)()
        if answer.status != 302:
            raise RuntimeError(f"nobody else was there, and {who} could not sign: {answer.status}")

    def _post(self, who: str, turn: Turn, rest: str, given: dict[str, str]) -> Callable[[], Answer]:
        return lambda: self.clients[who].post(f"/release/{turn.release.pk}/{rest}", given)

    def _save(self) -> Answer:
        """A step of the lead author, sent again and again until the brief takes it."""
        client, section = self.clients["lead"], self.made.sections[0]
        path = f"/write/{section.brief_id}/sections/{section.pk}"
        told = client.get(f"{path}/document").json()
        step = {"stepType": "replace", "from": 1, "to": 1, "slice": {"content": [{"type": "text", "text": "x"}]}}
        sent = {"version": told["version"], "schema": told["schema"], "steps": [step]}
        for _try in range(12):
            self.sent += 1
            answer = client.post(f"{path}/steps", json={**sent, "client": "races", "key": uuid.uuid4().hex})
            if answer.status == 200:
                break
        return answer

    def _fresh(self) -> Turn:
        """The brief closed again, with a copy of the built release in clearance before everybody."""
        from brief.actions import give_role
        from brief.models import Brief, Objective, Role
        from release.models import Release
        from release.states import ReleaseState

        brief = self.made.brief
        assert self.model is not None
        self._close_last()
        Objective.objects.filter(brief=brief, text="Uncovered").delete()
        if not Role.objects.filter(brief=brief, user=self.people["one"], role="approver").exists():
            person = self.people["one"]
            give_role(actor=self.made.lead, brief=brief, user=person, organisation=person.organisation, role="approver")
        Brief.objects.filter(pk=brief.pk).update(status="clearance")
        model = Release.objects.get(pk=self.model.pk)
        model.pk, model._state.adding, model.status, model.job = uuid.uuid4(), True, ReleaseState.CLEARANCE, None
        model.edition = f"{self.luck.randint(2, 900)}.{self.luck.randint(0, 99)}"
        while Release.objects.filter(brief=brief, edition=model.edition).exists():
            model.edition = f"{self.luck.randint(2, 900)}.{self.luck.randint(0, 99)}"
        model.published_at = model.withdrawn_at = None
        model.save(force_insert=True)
        for rows in (model.artefacts, model.gates):
            copies: list[Any] = list(rows.model._default_manager.filter(release=self.model))
            for each in copies:
                each.pk, each.release = None, model
            rows.model._default_manager.bulk_create(copies)
        release = Release.objects.select_related("brief", "version").get(pk=model.pk)
        self.turn = Turn(release, release.manifest_sha256)
        return self.turn

    def _copied(self, row: Any, release: Any) -> Any:
        row.pk, row.release = None, release
        return row

    def _close_last(self) -> None:
        """What the last race left open is put away, as reopening would."""
        from django.utils import timezone

        from release.models import Release, SignOff
        from release.states import OPEN, ReleaseState

        living = Release.objects.filter(brief=self.made.brief, status__in=OPEN)
        SignOff.objects.filter(release__in=living, voided_at=None).update(
            voided_at=timezone.now(), voided_because="The race is over."
        )
        living.update(status=ReleaseState.VOID)

    # --- what came of it -----------------------------------------------------------------------------

    def _judge(self, name: str, turn: Turn) -> None:
        from brief.models import Brief
        from release.models import Release, SignOff
        from release.states import SIGNED, ReleaseState

        release = Release.objects.get(pk=turn.release.pk)
        given = list(SignOff.objects.filter(release=release, decision="signed"))
        living = [each for each in given if each.voided_at is None]
        now = hashlib.sha256(release.manifest.encode()).hexdigest()
        for each in given:
            if each.manifest_sha256 != turn.seen:
                self.others.append(f"{name}: signed what was not seen")
        for each in living:
            if each.manifest_sha256 != now or release.manifest_sha256 != now:
                self.others.append(f"{name}: stands on another manifest")
        posted = [who for who in turn.answers if who.startswith(("one", "two"))]
        said = sum(turn.answers[who].status == 302 for who in posted)
        self.signed += len(living)
        self.refused += len(posted) - said
        if release.status in SIGNED and len({each.organisation_id for each in living}) != 2:
            self.half.append(f"{name}: {release.status} with {len(living)} signatures")
        if release.status == ReleaseState.VOID and living:
            self.half.append(f"{name}: void with a living signature")
        closed = Brief.objects.get(pk=release.brief_id).status == "clearance"
        if closed == (release.status == ReleaseState.VOID):
            self.half.append(f"{name}: {release.status}, and the brief {'closed' if closed else 'open'}")
        if name.startswith("steps") and turn.answers["lead"].status == 200:
            self.saved += 1
            self.slipped += not self._saved_after_reopening(turn)

    def _saved_after_reopening(self, turn: Turn) -> bool:
        from brief.models import Step
        from ledger.models import Event

        opened = Event.objects.filter(verb="release.reopened", subject_id=str(turn.release.pk)).first()
        saved = Step.objects.filter(section=self.made.sections[0]).latest("version")
        return opened is not None and saved.at > opened.at

    def export(self) -> None:
        """Publish one, signed by both, and compare what the public is given with what was signed."""
        from brief.models import Brief
        from config.filling.releases import publish_now
        from ledger import clock
        from release import actions, moments
        from release.models import Release

        turn = self._fresh()
        self._take("one", turn)
        self._take("two", turn)
        later = moments.wall(clock.database_now() + timedelta(hours=1), "UTC")
        actions.set_embargo(actor=self.made.press, release=turn.release, wall_time=later, zone="UTC")
        publish_now(turn.release)
        release = Release.objects.get(pk=turn.release.pk)
        signed = json.loads(release.manifest)["artefacts"]
        if hashlib.sha256(release.manifest.encode()).hexdigest() != turn.seen:
            self.otherwise += 1
        public = self.stack.client()
        for file in FILES:
            address = f"/briefs/{self.made.brief.slug}/editions/{release.edition}/{file}"
            answer = public.get(address)
            self.exported += 1
            self.otherwise += hashlib.sha256(answer.body).hexdigest() != signed[file]
        Brief.objects.filter(pk=self.made.brief.pk).update(status="clearance")
