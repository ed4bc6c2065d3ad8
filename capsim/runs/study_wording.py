"""Problems of a study file in plain words, like those of scenario files."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pydantic import ValidationError

from capsim.errors import nearest_name
from capsim.scenario.values import Part, Path
from capsim.scenario.wording import one_problem


def study_problems_in_words(
    error: ValidationError, model: type[Part], **parts: type[Part]
) -> Iterator[tuple[Path, str]]:
    """Yield (path, message) for each problem of a validation.

    Parameters
    ----------
    model : type of Part
        What was validated.
    **parts : type of Part
        Models by the tag or key under which they stand in it.
    """
    for detail in error.errors(include_url=False, include_input=True):
        location = detail["loc"]
        shown = _without_tag(location, parts)
        if detail["type"] == "extra_forbidden" and not _in_strategies(location):
            allowed = sorted(_model_at(location[:-1], model, parts).model_fields)
            yield shown, f"unknown key; allowed: {', '.join(allowed)}{nearest_name(str(location[-1]), allowed)}"
        elif detail["type"] in {"union_tag_invalid", "union_tag_not_found"}:
            yield shown, _tag_sentence(detail)
        elif detail["type"] in {"model_type", "model_attributes_type"} and not _in_strategies(location):
            keys = ", ".join(sorted(_model_at(location, model, parts).model_fields))
            yield shown, f"must be a mapping with the keys {keys}; got {detail['input']!r}"
        else:
            yield from one_problem(shown, detail)


def _without_tag(location: Path, parts: dict[str, type[Part]]) -> Path:
    """Drop the kind of a design behind its key, which is not there in the file."""
    return (
        location[:1] + location[2:] if location[1:] and location[0] == "design" and location[1] in parts else location
    )


def _in_strategies(location: Path) -> bool:
    return bool(location) and location[0] == "strategies"


def _model_at(location: Path, model: type[Part], parts: dict[str, type[Part]]) -> type[Part]:
    for part in reversed(location):
        if isinstance(part, str) and part in parts:
            return parts[part]
    return model


def _tag_sentence(detail: Any) -> str:
    context = detail["ctx"]
    allowed = str(context.get("expected_tags", "")).replace("'", "")
    if detail["type"] == "union_tag_not_found":
        return "needs a key kind"
    tag = str(context["tag"])
    return f"unknown kind {tag!r}; allowed: {allowed}{nearest_name(tag, allowed.split(', '))}"
