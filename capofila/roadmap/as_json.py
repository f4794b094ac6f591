"""A roadmap as the JSON of the public contract (docs/formats.md)."""

from capofila.roadmap.planning import Roadmap


def as_json(roadmap: Roadmap, language: str) -> dict[str, object]:
    """Priorities, gains and objective unrounded; money as text with two decimals."""
    said = roadmap.said(language)
    budget = roadmap.choices.limits.budget_cents
    items = []
    for position, priority in enumerate(roadmap.planned()):
        action, gain = priority.raised.action, roadmap.gains[priority.code]
        after = roadmap.after(priority.code)
        items.append(
            {
                "action": action.code,
                "priority": float(priority.value),
                "why": said.why(priority, gain, after, position),
                "quarter": roadmap.plan.starts[action.code],
                "quarters": action.quarters,
                "cost_eur": euros(action.cents),
                "days": action.days,
                "after": list(after),
                "service_areas": list(action.service_areas),
                "gain": None if gain is None else float(gain),
            }
        )
    return {
        "objective": float(roadmap.plan.objective),
        "gap": float(roadmap.plan.gap),
        "budget_eur": None if budget is None else euros(budget),
        "items": items,
        "left_out": [
            {"action": code, "why": said.left_out(reason, roadmap.raising.not_relevant.get(code, ""))}
            for code, reason in roadmap.left_out.items()
        ],
    }


def euros(cents: int) -> str:
    """3000.00"""
    return f"{cents // 100}.{cents % 100:02d}"
