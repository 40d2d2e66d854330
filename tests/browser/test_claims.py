"""The story of a figure: underlined, registered from the selection, checked, set aside."""

from __future__ import annotations

import json
from collections.abc import Callable

from playwright.sync_api import expect

from brief import actions
from brief.models import Claim, SetAside
from document import tree
from tests.browser.conftest import Looks, Visit
from tests.browser.test_writing import TEXT, opened, saved, stored
from tests.cast import Cast
from tests.factories.documents import doc, p


def test_a_figure_is_registered_checked_and_set_aside(
    visit: Visit, cast: Cast, run_jobs: Callable[[], int], looks: Looks
) -> None:
    csl = {"type": "report", "title": "Fees abroad", "issued": {"date-parts": [[2024]]}}
    actions.add_source(actor=cast.lead, brief=cast.brief, csl=csl, key="fees2024")
    body = doc(
        p("In 2023, some 1.2 million people paid a fee of about 40 % of a year's wage.", id="figures00001"),
        p("The OSCE counted 300 cases.", id="figures00002"),
    )
    section = actions.add_section(actor=cast.lead, brief=cast.brief, title="Fees", doc=json.dumps(body))
    page = opened(visit, cast.lead, section)
    expect(page.locator(".bare-number")).to_have_text(["1.2", "40", "300"])

    # From a selection, with what its words already say.
    page.goto(f"{page.url}#b-figures00001:9-40")
    expect(page.locator(TEXT)).to_be_focused()
    page.keyboard.press("Control+Alt+k")
    dialog = page.get_by_role("dialog", name="Register claim")
    expect(dialog.get_by_label("Value")).to_have_value("1200000")
    expect(dialog.get_by_label("Unit")).to_have_value("people")
    dialog.get_by_label("to", exact=True).fill("5")
    dialog.get_by_label("Source").select_option("fees2024")
    dialog.get_by_label("Reference year").fill("2023")
    looks(page, "claim-dialog")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog.get_by_text("The upper end is below the lower one.")).to_be_visible()
    dialog.get_by_label("to", exact=True).fill("")
    dialog.get_by_role("button", name="Save").click()
    expect(page.locator(".bare-number")).to_have_text(["40", "300"])
    saved(page)
    claim = Claim.objects.get()
    assert (claim.statement, claim.source and claim.source.key) == ("some 1.2 million people paid a", "fees2024")
    marks = [mark for node in tree.walk(stored(section)) for mark in node.get("marks", []) if mark["type"] == "claim"]
    assert {mark["attrs"]["id"] for mark in marks} == {str(claim.pk)}

    page.get_by_role("tab", name="Claims").click()
    expect(page.get_by_role("button", name=claim.statement, exact=True)).to_be_visible()
    page.get_by_label("Underline numbers without claim or source").uncheck()
    expect(page.locator(".bare-number")).to_have_count(0)
    page.get_by_label("Underline numbers without claim or source").check()
    looks(page, "claims-panel")

    page.get_by_role("tab", name="Checks").click()
    run_jobs()
    with page.expect_response(lambda answer: answer.url.endswith("/checks/run/")):
        page.get_by_role("button", name="Look again").click()
    run_jobs()
    finding = page.get_by_role("button", name="“OSCE” is not written out where it is first used.", exact=True)
    expect(finding).to_be_visible(timeout=15_000)
    looks(page, "checks-panel")
    finding.click()
    assert page.evaluate("getSelection().toString()") == "OSCE"
    page.get_by_role("button", name="Set aside: “counted 300 cases”").click()
    page.get_by_role("dialog", name="Set aside").get_by_label("Why this may stand").fill("Counted by ourselves.")
    page.get_by_role("dialog", name="Set aside").get_by_role("button", name="Save").click()
    expect(page.get_by_role("button", name="Set aside: “counted 300 cases”")).to_have_count(0)
    assert SetAside.objects.get().reason == "Counted by ourselves."

    page.get_by_role("link", name="All checks of this brief").click()
    expect(page.get_by_role("heading", name="Checks", level=1)).to_be_visible()
    looks(page, "checks-page")
    page.get_by_role("link", name="“OSCE” is not written out where it is first used.").click()
    expect(page.locator(TEXT)).to_contain_text("OSCE")
    page.wait_for_function("getSelection().toString() === 'OSCE'")
    page.goto(f"/write/{cast.brief.pk}/claims/")
    looks(page, "claims-page")
