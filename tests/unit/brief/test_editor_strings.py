"""The editor's sentences are written twice, for two translators of one page: they must not drift."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from brief.editor_strings import strings

TABLE = Path(__file__).resolve().parents[3] / "editor" / "room" / "strings.ts"
PRINT = "const { ENGLISH } = await import(process.argv[1]); console.log(JSON.stringify(ENGLISH));"


def test_every_sentence_of_the_editor_is_offered_for_translation_and_no_other() -> None:
    command = [str(Path(sys.executable).with_name("node")), "--input-type=module", "-e", PRINT, str(TABLE)]
    english = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    assert strings() == english
