"""Lists in Word: one definition for bullets, one for numbers, and an instance for each list that begins anew."""

from __future__ import annotations

from dataclasses import dataclass, field

#: Levels that Word knows, and what an indentation measures, in twentieths of a point.
LEVELS = 9
STEP = 567
_BULLETS, _NUMBERS = 1, 2
_SIGNS = ("•", "–", "▪")


@dataclass
class Lists:
    """The instances given out: number of the instance → (definition, level, first number)."""

    instances: list[tuple[int, int, int]] = field(default_factory=lambda: [(_BULLETS, 0, 0)])

    def bullets(self) -> int:
        return 1

    def numbers(self, level: int, start: int) -> int:
        self.instances.append((_NUMBERS, min(level, LEVELS - 1), start))
        return len(self.instances)

    def xml(self) -> str:
        """The content of ``numbering.xml``."""
        nums = "".join(_instance(number, *each) for number, each in enumerate(self.instances, start=1))
        return _definition(_BULLETS) + _definition(_NUMBERS) + nums


def _instance(number: int, definition: int, level: int, start: int) -> str:
    restart = ""
    if definition == _NUMBERS:
        restart = f'<w:lvlOverride w:ilvl="{level}"><w:startOverride w:val="{start}"/></w:lvlOverride>'
    return f'<w:num w:numId="{number}"><w:abstractNumId w:val="{definition}"/>{restart}</w:num>'


def _definition(which: int) -> str:
    levels = "".join(_level(which, at) for at in range(LEVELS))
    return f'<w:abstractNum w:abstractNumId="{which}"><w:multiLevelType w:val="multilevel"/>{levels}</w:abstractNum>'


def _level(which: int, at: int) -> str:
    kind, words = ("bullet", _SIGNS[at % len(_SIGNS)]) if which == _BULLETS else ("decimal", f"%{at + 1}.")
    indent = f'<w:pPr><w:ind w:left="{STEP * (at + 1)}" w:hanging="{STEP // 2}"/></w:pPr>'
    return (
        f'<w:lvl w:ilvl="{at}"><w:start w:val="1"/><w:numFmt w:val="{kind}"/><w:lvlText w:val="{words}"/>'
        f'<w:lvlJc w:val="left"/>{indent}</w:lvl>'
    )
