"""What a question must hold, so that a learner who answers is told the truth and why."""

from course.check.quiz_model import Option, Question, normalised
from course.check.quiz_parts import shortened

Found = list[tuple[int, str]]  # the line (1, 2, ...), and what is wrong; what to do
LEAST = {"choice": 2, "multi": 2, "order": 3, "predict": 1, "text": 1}


def output(text: str) -> str:
    """Return an output as it is compared: no spaces at the ends of lines, no empty lines at the end."""
    return "\n".join(line.rstrip() for line in text.replace("\r\n", "\n").split("\n")).rstrip("\n")


def faults(question: Question) -> Found:
    """Return everything that is wrong with one question, apart from its name."""
    found = _statement(question) + _number(question) + _right(question)
    for option in question.options:
        found += _option(question, option)
    return found + _twice(question)


def same_names(questions: list[Question]) -> Found:
    """Return the questions whose name an earlier one has."""
    found: Found = []
    first: dict[str, int] = {}
    for question in questions:
        if question.name in first:
            found.append((question.line, f"a second question is called '{question.name}' (the first is on line "
                                         f"{first[question.name]}); give it a name of its own"))
        first.setdefault(question.name, question.line)
    return found


def _statement(question: Question) -> Found:
    found: Found = []
    if not question.text:
        found.append((question.line, f"'{question.name}' asks nothing; write the question under its heading"))
    elif question.kind == "predict" and not question.program.strip():
        found.append((question.line, f"'{question.name}' has no program; put it before the options in a block that "
                                     "begins with ```python"))
    if question.kind in ("order", "predict", "text") and not question.explanation:
        found.append((question.line, f"'{question.name}' does not explain the right answer; end it with a quote at "
                                     "the left margin (`> why`)"))
    return found


def _number(question: Question) -> Found:
    least = LEAST[question.kind]
    if len(question.options) >= least:
        return []
    if question.kind == "predict":
        advice = "write at least one wrong output as an item (`- ` and the output in backticks)"
    elif question.kind == "order":
        advice = "write at least 3 entries as a numbered list (`1. `)"
    elif question.kind == "text":
        advice = "write the accepted answer as an item (`- [x] `)"
    else:
        advice = "write at least 2 items that begin with `- [x] ` or `- [ ] `"
    many = len(question.options)
    return [(question.line, f"'{question.name}' has {many} option{'s' * (many != 1)}; {advice}")]


def _right(question: Question) -> Found:
    if question.kind in ("order", "predict") or not question.options:
        return []
    right = [option for option in question.options if option.right]
    if not right:
        return [(question.line, f"'{question.name}' has no right answer; mark it with `- [x] `")]
    if question.kind == "choice" and len(right) > 1:
        return [(right[1].line, f"{len(right)} options of '{question.name}' are right, and {{choice}} has one; untick "
                                "the others, or make it {multi}")]
    return []


def _option(question: Question, option: Option) -> Found:
    if not option.text:
        return [(option.line, "an option says nothing; write it behind its mark, or take it out")]
    explained_below = question.kind == "order" or (question.kind == "text" and option.right)
    if not option.feedback and not explained_below:
        return [(option.line, f"'{shortened(option.text)}' has no feedback; write it beneath the option, indented by "
                              "two spaces (`  > why`)")]
    if option.feedback and explained_below:
        return [(option.line, f"'{shortened(option.text)}' has feedback of its own, which is never shown; say it in "
                              "the quote at the end")]
    return []


def _twice(question: Question) -> Found:
    found: Found = []
    first: dict[str, int] = {}
    for option in question.options:
        same = normalised(option.text) if question.kind == "text" else option.text
        if same and same in first:
            found.append((option.line, f"'{shortened(option.text)}' is an option twice (the first is on line "
                                       f"{first[same]}); take one out"))
        first.setdefault(same, option.line)
    return found
