"""The ground of `make bench`: what a figure is, what a program owes, how the pages are written."""

from __future__ import annotations

import ast
import json
import math

import pytest

from bench import report
from bench.figures import Figure, at_least, at_most, median, none, p95
from bench.programs import Program, programs

PROGRAMS = list(programs().values())


def test_a_figure_is_one_line_with_the_agreed_names() -> None:
    line = json.loads(at_most("board.median", 12.3456, "ms", gate=40, target=15).line())
    assert line == {"name": "board.median", "value": 12.346, "unit": "ms", "gate": 40, "target": 15, "ok": True}


@pytest.mark.parametrize(
    ("figure", "ok"),
    [
        (at_most("x.y", 40, "ms", gate=40), True),
        (at_most("x.y", 40.1, "ms", gate=40), False),
        (at_most("x.y", math.nan, "ms", gate=40), False),
        (at_least("x.y", 0.9, "of nginx", gate=0.9), True),
        (at_least("x.y", 0.89, "of nginx", gate=0.9), False),
        (at_most("x.y", 1e9, "bytes"), True),
        (none("x.y", 0, 10, unit="writes"), True),
        (none("x.y", 1, 10, unit="writes"), False),
        (none("x.y", 0, 0, unit="writes"), False),
    ],
)
def test_the_gate_decides(figure: Figure, ok: bool) -> None:
    assert figure.ok is ok


def test_a_target_never_decides() -> None:
    slow = at_most("x.y", 39, "ms", gate=40, target=15)
    assert slow.ok
    assert slow.on_target is False
    assert at_least("x.y", 9, "a second", gate=5, target=8).on_target is True


def test_a_value_that_is_none_is_null_in_json() -> None:
    assert json.loads(at_most("x.y", math.nan, "ms", gate=1).line())["value"] is None


def test_quantiles_lie_between_values() -> None:
    assert median([3, 1, 2]) == 2
    assert median([1, 2]) == 1.5
    assert p95(range(101)) == 95
    assert math.isnan(median([]))


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda program: program.name)
def test_a_program_says_what_it_guards_and_how_it_was_broken(program: Program) -> None:
    assert program.guards
    assert len(program.broken) > 40, "say how it was made to fail once, and what it then printed"
    defined = {node.name for node in ast.parse(program.path.read_text()).body if isinstance(node, ast.FunctionDef)}
    assert "run" in defined


def test_the_product_does_not_know_of_its_programs() -> None:
    root = report.DOCS.parent
    known = ("config", "release", "review", "brief", "accounts", "ledger", "document")
    for path in (path for name in known for path in (root / name).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom):
                assert (node.module or "").partition(".")[0] not in ("bench", "tests"), path
            elif isinstance(node, ast.Import):
                assert not {name.name.partition(".")[0] for name in node.names} & {"bench", "tests"}, path


def test_no_two_programs_have_one_name() -> None:
    paths = [
        path.stem
        for room in ("faults", "abuse", "speed")
        for path in (report.DOCS.parent / "bench" / room).glob("[a-z]*.py")
    ]
    assert len(paths) == len(set(paths)) == len(PROGRAMS)


def test_a_page_shows_value_gate_and_what_is_missed() -> None:
    program = PROGRAMS[0]
    about = {"program": program.name, "machine": "m", "at": "2026-11-22T05:00+00:00", "seconds": 3, "command": "c"}
    figures = [
        at_most(f"{program.name}.slow", 41, "ms", gate=40, target=15),
        none(f"{program.name}.lost", 0, 1000, unit="writes"),
    ]
    lines = [{**figure.told(), "on_target": figure.on_target, **about} for figure in figures]
    told = report.page(lines, [program.room])
    assert "Machine: m." in told
    assert "| slow | 41 ms | 40 **missed** | 15 not met |  |" in told
    assert "| lost | 0 writes | 0 | 0 | of 1,000 tried |" in told
    assert "`c`, 2026-11-22, 3 s" in told
