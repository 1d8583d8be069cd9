"""The rules are documented, each where it belongs, and nothing else is."""

import ast
import re
from pathlib import Path

from app.importers import rules

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "import-rules.md").read_text(encoding="utf-8")


def documented(heading: str) -> set[str]:
    section = PAGE.split(f"## {heading}")[1].split("\n## ")[0]
    return set(re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE))


def test_each_rule_that_quarantines_is_documented() -> None:
    assert documented("Quarantined") == set(rules.QUARANTINE)


def test_each_rule_that_flags_is_documented() -> None:
    assert documented("Flagged") == set(rules.FLAG)


def test_every_rule_that_the_code_names_is_in_the_table() -> None:
    named: set[str] = set()
    for path in (ROOT / "app" / "importers").glob("*.py"):
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(call, ast.Call):
                function = getattr(call.func, "attr", getattr(call.func, "id", ""))
                texts = [
                    one.value
                    for one in call.args
                    if isinstance(one, ast.Constant) and isinstance(one.value, str)
                ]
                named |= {*texts[:1]} if function in {"flag", "refuse", "Problem"} else set()
                named |= {
                    one.value.value
                    for one in call.keywords
                    if one.arg in {"rule", "missing", "bad"}
                    and isinstance(one.value, ast.Constant)
                    and isinstance(one.value.value, str)
                }
    assert named - set(rules.QUARANTINE) - set(rules.FLAG) - {"id"} <= {"repeated_row", "duplicate_key"}
    assert named >= set(rules.FLAG) - {"repeated_row", "not_utf8", "nul_byte"}
