"""The check kit: what `checks.py` of an exercise imports. Standard library only, since it runs in the browser too."""

from course.check.answer import Answer, LabAnswer, TextAnswer, source
from course.check.kit import Check, Failure, check, expect, expect_raises, require

__all__ = ["Answer", "Check", "Failure", "LabAnswer", "TextAnswer", "check", "expect", "expect_raises", "require",
           "source"]
