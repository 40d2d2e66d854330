"""The stack that the walk is made on: the image's files, two web and two live processes, by configuration alone."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest

from bench.stack import Stack, front
from tests.production.deployment import image


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """Everything of docker-compose.yml, natively. Nothing of this process's own database is touched."""
    if front.program() is None:
        pytest.skip("nginx is not installed (Debian: nginx-light)")
    folder = tmp_path_factory.mktemp("production")
    root = image(folder / "app")
    stack = Stack(folder / "stack", copies={"web": 2, "live": 2}, orm=False, root=root)
    try:
        with stack:
            yield stack
    finally:
        shutil.rmtree(folder, ignore_errors=True)
