"""The table of rights as a page of the documentation: docs/access.md is this, word for word."""

from capofila.consortium.access import NAMED, TABLE, Scope
from capofila.consortium.actions import GIVES
from capofila.consortium.models import Role

HEAD = """# Who may do what

Generated from `capofila/consortium/access.py` by `capofila document_access`; a test compares them.

What is not in the table is denied. A stranger (not signed in, or without a role) may nothing. Creating
a thing grants nothing by itself: who may do what with it follows from the partners that serve its company.

| Scope | Reaches |
|---|---|
| all | every one of its kind |
| own | what the person's partner serves or has: companies with all that hangs on them, people, notes |
| company | what is of the contact's own company |
| self | what is of the person |
| – | nothing |

A refusal is “not there” (404) for what one may not even know of, and “not allowed” (403) for the rest.

"""
AFTER = """
The outbox exists in demonstration mode alone: its mails hold links that let a person in. Of
reports a contact opens those that were handed over, of evidence and answers those of the company's side.

## Who gives which role

Within their scope, these give and take roles. Lead administrators and auditors stand at the lead partner; the
last lead administrator stays.

"""


def page() -> str:
    heads = ["Thing", "Action", *map(_words, NAMED)]
    lines = [_line(heads), _line(["---"] * len(heads))]
    for thing, actions in TABLE.items():
        for action, rights in actions.items():
            lines.append(_line([thing, action, *(_scope(rights.get(role)) for role in NAMED)]))
    gives = [
        f"- {_words(giver)}: {', '.join(_words(role) for role in Role.values if role in roles)}"
        for giver, roles in GIVES.items()
    ]
    return HEAD + "\n".join(lines) + "\n" + AFTER + "\n".join(gives) + "\n"


def _words(role: str) -> str:
    return role.replace("-", " ")


def _line(cells: list[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def _scope(scope: Scope | None) -> str:
    return scope or "–"
