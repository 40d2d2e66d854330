"""Outside programs are run for real here: what they may not do, they cannot do."""

from __future__ import annotations

import signal
import socket
import sys
import threading
from pathlib import Path

import pytest

from document import sandbox

PYTHON = [sys.executable, "-I", "-c"]


def python(code: str, **options: object) -> sandbox.Result:
    return sandbox.run([*PYTHON, code], **options)  # type: ignore[arg-type]


def test_it_hands_files_in_and_out() -> None:
    code = "open('out/b.txt','w').write(open('a.txt').read().upper())"
    result = python(code, files={"a.txt": b"words", "out/keep": b""}, outputs=["out/b.txt"])
    assert result.files == {"out/b.txt": b"WORDS"}


def test_it_hands_standard_input_over() -> None:
    assert python("import sys;print(sys.stdin.read()[::-1])", stdin=b"abc").stdout == b"cba\n"


def test_the_environment_has_one_variable() -> None:
    result = python("import os;print(sorted(set(os.environ)-{'LC_CTYPE'}),os.environ['SOURCE_DATE_EPOCH'])", epoch=7)
    assert result.stdout == b"['SOURCE_DATE_EPOCH'] 7\n"


def test_the_folder_is_fresh_and_goes_away() -> None:
    result = python("import os;print(os.getcwd());print(os.listdir('.'))")
    folder, listing = result.stdout.decode().split("\n")[:2]
    assert listing == "[]"
    with pytest.raises(FileNotFoundError):
        Path(folder, "x").read_bytes()


@pytest.mark.parametrize("name", ["../x", "/etc/x", "", "a/../../x", "a\0b"])
def test_names_that_lead_out_are_refused(name: str) -> None:
    with pytest.raises(ValueError, match="not a name inside"):
        python("pass", files={name: b""})


@pytest.mark.parametrize(
    "code",
    [
        "import os;os.symlink('/etc/passwd','o')",
        "import os;os.mkfifo('o')",
        "import os;os.mkdir('o')",
        "import os;open('p','w').write('x');os.link('p','o')",
        "pass",
    ],
)
def test_only_plain_files_come_out(code: str) -> None:
    with pytest.raises(sandbox.Failed):
        python(code, outputs=["o"])


def test_a_linked_folder_is_not_followed() -> None:
    with pytest.raises(sandbox.Failed, match="link on the way"):
        python("import os;os.symlink('/etc','etc')", outputs=["etc/hostname"])


def test_too_long_is_stopped_with_all_it_started() -> None:
    code = "import subprocess,sys;subprocess.Popen([sys.executable,'-c','while 1: pass']).wait()"
    with pytest.raises(sandbox.TimedOut) as refused:
        python(code, timeout=1)
    assert "too long" in refused.value.sentence


def test_too_much_memory_is_refused() -> None:
    with pytest.raises(sandbox.TooLarge):
        python("x=b'a'*600_000_000", memory=256 * 1024 * 1024)


def test_too_large_a_file_is_refused() -> None:
    with pytest.raises(sandbox.TooLarge):
        python("open('o','wb').write(b'a'*2_000_000)", largest=1_000_000, outputs=["o"])


def test_an_error_keeps_its_words_for_the_log() -> None:
    with pytest.raises(sandbox.Failed) as failed:
        python("import sys;sys.exit('not so')")
    assert "not so" in failed.value.detail
    assert "not so" not in failed.value.sentence


def test_no_connection_leaves() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.5)
        hits: list[object] = []

        def listen() -> None:
            try:
                hits.append(server.accept())
            except TimeoutError:
                return

        thread = threading.Thread(target=listen)
        thread.start()
        port = server.getsockname()[1]
        code = f"import socket\ntry: socket.create_connection(('127.0.0.1',{port}))\nexcept OSError: print('none')"
        result = python(code)
        thread.join()
    if hits:
        pytest.skip("this kernel does not let an ordinary process leave the network")
    assert result.stdout == b"none\n"


def test_pandoc_is_the_pinned_one() -> None:
    result = sandbox.run([sandbox.pandoc_path(), "--version"])
    assert result.stdout.startswith(b"pandoc 3.9")


def test_a_pandoc_that_may_not_read_does_not() -> None:
    source = b"![x](/etc/hostname)\n"
    argv = [sandbox.pandoc_path(), "--sandbox", "--embed-resources", "-f", "markdown", "-t", "html"]
    result = sandbox.run(argv, stdin=source)
    assert b"data:" not in result.stdout


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_who_was_ended_by_somebody_else_may_be_tried_again(number: int) -> None:
    with pytest.raises(sandbox.Killed):
        python(f"import os; os.kill(os.getpid(), {int(number)})")
