"""Talk among authors: mentions, one's own words, found again, and never seen by anybody else."""

from __future__ import annotations

from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext

from brief import actions, conversation, mentions
from brief.models import Comment, Mention, Thread
from ledger import jobs
from ledger.refusals import NotAllowed, NotNow
from tests.cast import Cast

pytestmark = pytest.mark.django_db
DATA: dict[str, Any] = {"headers": {"Accept": "application/json"}}


def talk(cast: Cast, body: str, who: str = "lead") -> Thread:
    thread: Thread = actions.start_thread(
        actor=cast[who], section=cast.section, body=body, block="recruit00001", start=0, end=10
    )
    return thread


def home(cast: Cast) -> str:
    return f"/write/{cast.brief.pk}"


def shown(cast: Cast, who: str, show: str) -> set[str]:
    page = cast.client(cast[who]).get(f"{home(cast)}/talk/", {"show": show}).content.decode()
    return {str(thread.pk) for thread in Thread.objects.all() if f'id="thread-{thread.pk}"' in page}


def test_a_fellow_author_who_is_mentioned_gets_a_neutral_mail_and_finds_it_on_the_desk(cast: Cast) -> None:
    thread = talk(cast, "Is that so, @Paz Romero? @Olu Obi only watches, and @Lea Lindqvist is me.")
    jobs.run_due()
    assert [(message.to, message.subject) for message in mail.outbox] == [
        ([cast.partner.email], "You are mentioned in a comment")
    ]
    assert cast.brief.title not in mail.outbox[0].body and "Is that so" not in mail.outbox[0].body
    assert f"?thread={thread.pk}#thread-{thread.pk}" in mail.outbox[0].body
    client = cast.client(cast.partner)
    assert "Your fellow authors mention you" in client.get("/desk/").content.decode()
    assert shown(cast, "partner", "waiting") == shown(cast, "partner", "mentions") == {str(thread.pk)}
    page = client.get(f"{home(cast)}/talk/?show=waiting").content.decode()
    assert '<b class="mention">@Paz Romero</b>' in page
    assert '<b class="mention">@Olu Obi</b>' not in page
    client.post(f"{home(cast)}/threads/{thread.pk}/reply/", {"body": "Yes."})
    assert shown(cast, "partner", "waiting") == set()
    assert shown(cast, "partner", "mentions") == shown(cast, "partner", "mine") == {str(thread.pk)}
    assert "Your fellow authors mention you" not in client.get("/desk/").content.decode()


def test_a_comment_costs_what_it_stores(cast: Cast) -> None:
    """Who asks, the section, thread, anchor, comment, hint and event; names are only looked for where one is called."""
    client = cast.client(cast.lead)
    path = f"{home(cast)}/sections/{cast.section.pk}/threads/"
    counts = []
    for body in ("First.", "Is that so?", "Is that so, @Paz Romero?"):
        with CaptureQueriesContext(connection) as asked:
            assert client.post(path, {"body": body, "block": "recruit00001", "start": 0, "end": 3}).status_code == 302
        counts.append(len([each for each in asked.captured_queries if "SAVEPOINT" not in each["sql"]]))
    assert counts[1] <= 9
    assert counts[2] > counts[1]


def test_a_mention_comes_off_the_desk_when_seen_settled_or_taken_back(cast: Cast) -> None:
    seen, settled, gone = (talk(cast, f"{word}, @Paz Romero?") for word in ("One", "Two", "Three"))
    client = cast.client(cast.partner)
    client.post(f"{home(cast)}/threads/{seen.pk}/seen/")
    actions.resolve_thread(actor=cast.colleague, thread=settled)
    actions.withdraw_comment(actor=cast.lead, comment=gone.comments.get())
    assert not Mention.objects.filter(user=cast.partner, seen_at=None).exists()
    assert not Thread.objects.filter(pk=gone.pk).exists(), "a thread of nothing goes"
    jobs.run_due()
    assert mail.outbox == [], "and no mail says what is over"


def test_threads_are_found_again_by_what_became_of_them(cast: Cast) -> None:
    opened, settled = talk(cast, "Open."), talk(cast, "Over.", "partner")
    actions.resolve_thread(actor=cast.lead, thread=settled)
    assert shown(cast, "lead", "open") == {str(opened.pk)}
    assert shown(cast, "lead", "resolved") == {str(settled.pk)}
    assert shown(cast, "lead", "mine") == {str(opened.pk)}
    assert shown(cast, "lead", "") == {str(opened.pk), str(settled.pk)}
    actions.resolve_thread(actor=cast.lead, thread=settled, resolved=False)
    assert shown(cast, "lead", "open") == {str(opened.pk), str(settled.pk)}
    path = f"{home(cast)}/sections/{cast.section.pk}/threads/"
    answer = cast.client(cast.lead).get(path, {"show": "mine"}, **DATA).json()
    assert str(opened.pk) in answer["html"] and str(settled.pk) not in answer["html"]
    assert answer["open"] == 2, "the tab counts what is open, whatever of it is shown"
    assert [each["thread"] for each in answer["anchors"]] == [str(opened.pk)]


def test_what_is_settled_says_so_and_shows_its_words_to_who_asks(cast: Cast) -> None:
    opened, settled = talk(cast, "Open."), talk(cast, "Over.")
    actions.resolve_thread(actor=cast.lead, thread=settled)
    path = f"{home(cast)}/sections/{cast.section.pk}/threads/"
    client = cast.client(cast.lead)
    answer = client.get(path, {"show": "resolved"}, **DATA).json()
    assert '<span class="tag good">settled</span>' in answer["html"]
    assert (answer["open"], answer["anchors"]) == (1, []), "the tab counts what is open whatever is shown"
    asked = client.get(path, {"show": "open", "thread": str(settled.pk)}, **DATA).json()
    assert {each["thread"] for each in asked["anchors"]} == {str(opened.pk), str(settled.pk)}
    assert "settled</span>" not in client.get(path, {"show": "open"}, **DATA).json()["html"]


def test_a_thread_about_the_whole_brief_has_its_place(cast: Cast) -> None:
    client = cast.client(cast.colleague)
    answer = client.post(f"{home(cast)}/talk/", {"body": "Who writes the summary, @Lea Lindqvist?"})
    thread = Thread.objects.get(section=None)
    assert answer["Location"] == f"{home(cast)}/talk/?thread={thread.pk}#thread-{thread.pk}"
    jobs.run_due()
    assert f"/talk/?thread={thread.pk}" in mail.outbox[0].body


def test_ones_own_words_can_be_changed_until_somebody_answers(cast: Cast) -> None:
    thread = talk(cast, "Teh numbers, @Paz Romero.")
    comment = thread.comments.get()
    client = cast.client(cast.lead)
    path = f"{home(cast)}/comments/{comment.pk}"
    assert "Teh numbers" in client.get(f"{path}/edit/").content.decode()
    client.post(f"{path}/edit/", {"body": "The numbers, @Noor Haddad.", "back": "talk"})
    comment.refresh_from_db()
    assert comment.body == "The numbers, @Noor Haddad." and comment.edited_at
    assert [mention.user for mention in Mention.objects.all()] == [cast.colleague]
    with pytest.raises(NotAllowed):
        actions.edit_comment(actor=cast.colleague, comment=comment, body="Other.")
    actions.reply_to_thread(actor=cast.partner, thread=thread, body="Which?")
    with pytest.raises(NotNow, match="answered"):
        actions.withdraw_comment(actor=cast.lead, comment=comment)
    reply = Comment.objects.get(body="Which?")
    actions.withdraw_comment(actor=cast.partner, comment=reply)
    assert Thread.objects.filter(pk=thread.pk).exists()
    actions.resolve_thread(actor=cast.lead, thread=thread)
    with pytest.raises(NotNow, match="settled"):
        actions.edit_comment(actor=cast.lead, comment=Comment.objects.get(pk=comment.pk), body="Late.")
    assert client.post(f"{path}/edit/", {"body": " "}, **DATA).status_code == 400


@pytest.mark.parametrize("who", ["editor", "observer", "approver", "safeguarding", "outsider", "reviewer", "admin"])
def test_nobody_else_learns_that_there_is_talk(cast: Cast, who: str) -> None:
    thread = talk(cast, "Between us.")
    client = cast.client(cast[who])
    for path in ("talk/", "talk/people", f"sections/{cast.section.pk}/threads/"):
        assert client.get(f"{home(cast)}/{path}", **DATA).status_code in (403, 404), path
    for path in (f"threads/{thread.pk}/seen/", f"comments/{thread.comments.get().pk}/withdraw/"):
        assert client.post(f"{home(cast)}/{path}").status_code == 404, path
    room = client.get(f"{home(cast)}/sections/{cast.section.pk}/")
    assert "Between us." not in room.content.decode()


def test_comments_of_another_brief_are_not_reached_through_this_one(cast: Cast) -> None:
    thread = talk(cast, "Here.")
    other = actions.create_brief(actor=cast.lead, title="Another", organisations=[cast.north, cast.south])
    client = cast.client(cast.lead)
    comment = thread.comments.get()
    for path in (f"threads/{thread.pk}/seen/", f"comments/{comment.pk}/edit/", f"comments/{comment.pk}/withdraw/"):
        assert client.post(f"/write/{other.pk}/{path}", {"body": "x"}).status_code == 404, path


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ("@Ann", ["Ann"]),
        ("@ann, look", ["Ann"]),
        ("@Ann Lee and @Ann", ["Ann", "Ann Lee"]),
        ("@Ann Leeds", ["Ann"]),
        ("@Annika", []),
        ("ann@Ann.example", ["Ann"]),
        ("@ Ann", []),
        ("@Žofia Žáková!", ["Žofia Žáková"]),
    ],
)
def test_the_longest_name_that_fits_is_meant(body: str, found: list[str]) -> None:
    class Named(str):
        pass

    people: Any = [Named(name) for name in ("Ann", "Ann Lee", "Žofia Žáková")]
    called: list[Any] = mentions.named(body, people)
    assert sorted(called) == found


def test_marked_words_stay_words() -> None:
    assert mentions.marked("<i>@Ann & co", ["Ann"]) == '&lt;i&gt;<b class="mention">@Ann</b> &amp; co'


def test_the_page_of_all_comments_asks_no_more_when_there_are_more(cast: Cast) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert cast.client(cast.lead).get(f"{home(cast)}/talk/").status_code == 200
        return len(queries)

    talk(cast, "One, @Paz Romero.", "colleague")
    asked()
    few = asked()
    for number in range(conversation.SHOWN + 4):
        actions.reply_to_thread(actor=cast.colleague, thread=talk(cast, f"{number}, @Paz Romero."), body="Ja.")
    assert asked() == few
