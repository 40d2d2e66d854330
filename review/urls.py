"""Addresses of a review: the invitation's link, the reading room, the answers, the round."""

from django.urls import path

from review.views import answers, comments, exports, invitations, manage, reading, reviewers, rounds

app_name = "review"

link = "invitations/<str:secret>/"
room = "review/<uuid:round>/"
thread = room + "threads/<uuid:thread>/"
reply = room + "answers/<uuid:thread>/"
one = room + "manage/<uuid:invitation>/"

urlpatterns = [
    path(link, invitations.landing, name="invitation"),
    path(link + "accept/", invitations.accept, name="accept"),
    path(link + "decline/", invitations.decline, name="decline"),
    path("review/new/<uuid:brief>/", rounds.new, name="new"),
    # The reviewer's.
    path(room, reading.room, name="room"),
    path(room + "declarations/", reviewers.declarations, name="declarations"),
    path(room + "sections/<uuid:section>/", reading.section, name="section"),
    path(room + "sections/<uuid:section>/read/", reading.mark, name="mark"),
    path(room + "figures/<uuid:figure>", reading.figure, name="figure"),
    path(room + "comments/", comments.index, name="comments"),
    path(room + "comments/new/", comments.new, name="new_comment"),
    path(thread, comments.thread, name="thread"),
    path(thread + "edit/", comments.edit, name="edit_comment"),
    path(thread + "reply/", comments.reply, name="reply"),
    path(thread + "send/", comments.send, name="send_comment"),
    path(thread + "discard/", comments.discard, name="discard_comment"),
    path(thread + "withdraw/", comments.withdraw, name="withdraw_comment"),
    path(room + "charge/", reviewers.charge, name="charge"),
    path(room + "charge/<int:question>/", reviewers.answer_question, name="answer_question"),
    path(room + "naming/", reviewers.naming, name="naming"),
    path(room + "submit/", reviewers.submit, name="submit"),
    path(room + "resume/", reviewers.resume, name="resume"),
    path(room + "leave/", reviewers.leave, name="leave"),
    path(room + "receipts/<str:number>/", reviewers.receipt, name="receipt"),
    path(room + "outcome/", reviewers.outcome, name="outcome"),
    # The authors' and the review editor's.
    path(room + "answers/", answers.index, name="answers"),
    path(room + "answers/comments.csv", exports.as_csv, name="csv"),
    path(room + "answers/comments.xlsx", exports.as_xlsx, name="xlsx"),
    path(reply, answers.one, name="answer"),
    path(reply + "reply/", answers.reply, name="answer_reply"),
    path(reply + "apply/", answers.apply, name="apply"),
    path(reply + "confirm/", answers.confirm, name="confirm"),
    path(reply + "return/", answers.send_back, name="return"),
    path(reply + "clear/", answers.clear, name="clear"),
    # The review editor's.
    path(room + "manage/", manage.board, name="manage"),
    path(room + "manage/edit/", rounds.edit, name="edit"),
    path(room + "manage/open/", rounds.open_round, name="open"),
    path(room + "manage/close/", rounds.close, name="close"),
    path(room + "manage/deadline/", rounds.deadline, name="deadline"),
    path(room + "manage/invite/", manage.invite, name="invite"),
    path(room + "manage/send/", manage.send, name="send"),
    path(one, manage.one, name="reviewer"),
    path(one + "mail/", manage.preview, name="preview"),
    path(one + "resend/", manage.resend, name="resend"),
    path(one + "remind/", manage.remind, name="remind"),
    path(one + "extend/", manage.extend, name="extend"),
    path(one + "cancel/", manage.cancel, name="cancel"),
    path(one + "exclude/", manage.exclude, name="exclude"),
]
