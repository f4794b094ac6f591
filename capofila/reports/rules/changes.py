"""What is different between what a version of a report was made from and what there is now.

Both as `reports.frozen` writes them. Languages are compared by the caller: a version in one is not
compared with another.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

Frozen = Mapping[str, Any]


@dataclass(frozen=True)
class Changes:
    answers: tuple[str, ...] = ()  # questions answered otherwise, no longer or now, in both questionnaires
    texts: tuple[str, ...] = ()  # keys of texts written, changed or taken back
    evidence: bool = False  # photos and documents
    company: bool = False  # its facts
    roadmap: bool = False
    benchmark: bool = False
    before: bool = False  # the earlier assessment it is compared with
    others: bool = False  # day, stage or profile; another assessment; what is implied and not confirmed
    program: bool = False  # questionnaires, actions, sentences, or how a report is made

    def __bool__(self) -> bool:
        return any(getattr(self, field.name) for field in fields(self))


def between(then: Frozen, now: Frozen) -> Changes:
    old, new = then["assessments"], now["assessments"]
    return Changes(
        answers=tuple(
            code
            for which in ("own", "european")
            for code in _different(_in(old[which], "answers", {}), _in(new[which], "answers", {}))
        ),
        texts=_different(then["texts"], now["texts"]),
        evidence=any(
            _in(old[which], "evidence", []) != _in(new[which], "evidence", [])
            for which in ("own", "european")
        ),
        company=(then["company"], then["hub"]) != (now["company"], now["hub"]),
        roadmap=then["roadmap"] != now["roadmap"],
        benchmark=then["benchmark"] != now["benchmark"],
        before=old["before"] != new["before"],
        others=_facts(then) != _facts(now),
        program=_differ(then["versions"], now["versions"]),
    )


def _facts(said: Frozen) -> object:
    """Of the assessments all but answers, evidence and the scores that these give."""
    apart = {"answers", "evidence", "scores"}
    own, european = (said["assessments"][which] for which in ("own", "european"))
    told = [
        None if one is None else {k: v for k, v in one.items() if k not in apart} for one in (own, european)
    ]
    return [*told, said["unconfirmed"]]


def _differ(then: Any, now: Any) -> bool:
    """Whether anything that both name is different; what only one names is no other program."""
    if isinstance(then, Mapping) and isinstance(now, Mapping):
        return any(_differ(then[name], now[name]) for name in then.keys() & now.keys())
    return bool(then != now)


def _in(said: Mapping[str, Any] | None, part: str, nothing: Any) -> Any:
    return nothing if said is None else said[part]


def _different(then: Mapping[str, Any], now: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(sorted(code for code in {*then, *now} if then.get(code) != now.get(code)))
