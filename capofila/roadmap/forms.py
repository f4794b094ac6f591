"""What people typed about a roadmap, cleaned; forms save nothing."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from capofila.companies.models import Company
from capofila.companies.rules.size import CLASSES
from capofila.roadmap.figures import FACTOR_NAMES
from capofila.roadmap.models import Progress
from capofila.roadmap.rules.priorities import Limits
from capofila.roadmap.rules.shape import QUARTERS
from capofila.roadmap.rules.weights import FACTORS, MOST, HalfWay, Weights

MOST_EUROS, MOST_DAYS, LONGEST_REASON = 100_000_000, 10_000, 1_000


class LimitsForm(forms.Form):
    budget = forms.IntegerField(
        label=_("Budget for three years, in euros"),
        required=False,
        min_value=0,
        max_value=MOST_EUROS,
        help_text=_("Empty: no limit. A twelfth is released each quarter and carried forward."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        localize=True,
    )
    days = forms.IntegerField(
        label=_("Working days of your own people, per quarter"),
        required=False,
        min_value=0,
        max_value=MOST_DAYS,
        help_text=_("Empty: no limit."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )

    def limits(self) -> Limits:
        typed = self.cleaned_data
        budget = typed["budget"]
        return Limits(None if budget is None else budget * 100, typed["days"])


class GoalsForm(forms.Form):
    goals = forms.MultipleChoiceField(
        label=_("Goals that the company names"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, goals: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["goals"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = goals


class SettleForm(forms.Form):
    """One action: pin it, leave it out, take it out for good, begin it."""

    quarter = forms.IntegerField(min_value=1, max_value=QUARTERS, required=False)
    reason = forms.CharField(required=False, max_length=LONGEST_REASON)


class ProgressForm(forms.Form):
    state = forms.ChoiceField(
        label=_("How it stands"), choices=Progress.State.choices, widget=forms.RadioSelect
    )
    on = forms.DateField(label=_("Since"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}))
    note = forms.CharField(
        label=_("Note"),
        required=False,
        max_length=LONGEST_REASON,
        help_text=_("What was done, what helped; for one that was given up, why."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class HandOverForm(forms.Form):
    """`contacts`: who can be written to; where there is nobody, nobody is asked for."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    contact = forms.ChoiceField(label=_("To whom"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, contacts: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        first = {"contact": contacts[0][0]} if contacts else {}
        super().__init__(*args, **{**kwargs, "initial": {**first, **kwargs.get("initial", {})}})
        field = self.fields["contact"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = contacts
        if not contacts:
            del self.fields["contact"]


class WeightsForm(forms.Form):
    """The hub's weights; one whole exponent for each factor, and the figures feasibility is judged by."""

    relevance_otherwise = forms.IntegerField(
        label=_("Relevance of an action that serves none of the goals, in percent"),
        min_value=1,
        max_value=100,
    )
    open_prerequisite = forms.IntegerField(
        label=_("Feasibility kept for each action that must come first, in percent"),
        min_value=1,
        max_value=100,
    )

    def __init__(self, *args: Any, weights: Weights, **kwargs: Any) -> None:
        self.before = weights
        super().__init__(*args, **{**kwargs, "initial": _initial(weights)})
        sizes = dict(Company.Size.choices)
        for name in FACTORS:
            self.fields[name] = forms.TypedChoiceField(
                label=FACTOR_NAMES[name],
                choices=[(str(n), str(n)) for n in range(MOST + 1)],
                coerce=int,
                help_text=_("0 leaves it out, 1 counts it, 2 counts it twice."),
            )
        for size in CLASSES:
            self.fields[f"euros_{size}"] = forms.IntegerField(
                label=_("%(size)s: euros at which an action is half as feasible") % {"size": sizes[size]},
                min_value=1,
                max_value=MOST_EUROS,
            )
            self.fields[f"days_{size}"] = forms.IntegerField(
                label=_("%(size)s: days at which an action is half as feasible") % {"size": sizes[size]},
                min_value=1,
                max_value=MOST_DAYS,
            )
        self.order_fields([*FACTORS, "relevance_otherwise", "open_prerequisite"])

    def weights(self) -> Weights:
        typed = self.cleaned_data
        return Weights(
            exponents={name: typed[name] for name in FACTORS},
            relevance_otherwise=Fraction(typed["relevance_otherwise"], 100),
            open_prerequisite=Fraction(typed["open_prerequisite"], 100),
            half_way={size: HalfWay(typed[f"euros_{size}"] * 100, typed[f"days_{size}"]) for size in CLASSES},
            size_unknown=self.before.size_unknown,
        )


def _initial(weights: Weights) -> dict[str, object]:
    return {
        **{name: str(weights.exponents[name]) for name in FACTORS},
        "relevance_otherwise": int(weights.relevance_otherwise * 100),
        "open_prerequisite": int(weights.open_prerequisite * 100),
        **{f"euros_{size}": weights.of_size(size).cents // 100 for size in CLASSES},
        **{f"days_{size}": weights.of_size(size).days for size in CLASSES},
    }
