"""systemd's units start what docker-compose.yml starts: the same programs with the same words."""

from __future__ import annotations

import configparser
import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest

from bench.stack.compose import document

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "deploy" / "systemd"
PARTS = sorted(set(document()["services"]) - {"front", "database", "broker", "prepare"})


def unit(name: str) -> configparser.SectionProxy:
    read = configparser.RawConfigParser(strict=False)
    read.optionxform = str  # type: ignore[assignment,method-assign]
    read.read(FOLDER / f"countersign-{name}.service")
    return read["Service"]


def words(command: list[str]) -> list[str]:
    """Without what differs by place: where programs lie, where they listen, where beat remembers."""
    plain = [each.rpartition("/bin/")[2] for each in command]
    return [re.sub(r"^(0\.0\.0\.0|127\.0\.0\.1|/.*/beat|/tmp/beat)$", "…", each) for each in plain]


@pytest.mark.parametrize("name", PARTS)
def test_a_unit_starts_what_the_container_starts(name: str) -> None:
    told = shlex.split(unit(name)["ExecStart"].replace("%%", "%"))
    assert words(told) == words(document()["services"][name]["command"])


@pytest.mark.parametrize("name", PARTS)
def test_a_unit_may_as_little_as_a_container(name: str) -> None:
    told = unit(name)
    assert (told["User"], told["NoNewPrivileges"], told["ProtectSystem"]) == ("countersign", "true", "strict")
    assert told["CapabilityBoundingSet"] == ""
    assert told["Restart"] == "always"


def test_files_of_strangers_are_read_without_a_way_out() -> None:
    assert unit("converter")["IPAddressDeny"] == "any"


def test_every_part_belongs_to_the_target() -> None:
    wanted = (FOLDER / "countersign.target").read_text()
    assert all(f"countersign-{name}.service" in wanted for name in [*PARTS, "front"])


def test_nginx_is_given_every_variable_of_its_template() -> None:
    asked = set(re.findall(r"\$\{(FRONT_\w+)\}", (ROOT / "deploy" / "nginx.conf.template").read_text()))
    listed = set(re.findall(r"^(FRONT_\w+)=", (FOLDER / "front.env.example").read_text(), re.MULTILINE))
    assert asked == listed


def test_systemd_understands_them() -> None:
    program = shutil.which("systemd-analyze")
    if program is None:
        pytest.skip("systemd is not installed")
    files = [*sorted(FOLDER.glob("*.service")), FOLDER / "countersign.target"]
    done = subprocess.run([program, "verify", "--man=no", *map(str, files)], capture_output=True, text=True)
    # Where this product is not installed, its programs are missing, and that alone.
    wrong = [line for line in done.stderr.splitlines() if "not executable" not in line and "No such file" not in line]
    assert [line for line in wrong if "countersign" in line] == []
