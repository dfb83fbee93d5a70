"""The years after the budget if nothing is decided: each figure grows as supposed. Pure arithmetic, exact and rounded once."""

from collections.abc import Mapping
from fractions import Fraction

from service.calculator.engine import share


def grown(amount: int, hundredths_of_a_percent: int, years: int) -> int:
    """An amount in cents after so many years, rounded half away from zero."""
    factor = (1 + Fraction(hundredths_of_a_percent, 10_000)) ** years
    return share(amount, factor.numerator, factor.denominator)


def grown_sum(amounts: Mapping[str, int], growth: Mapping[str, int], years: int) -> int:
    """The sum of figures that grow each in its own way; one that is not in `growth` stays."""
    total = sum(
        Fraction(amount) * (1 + Fraction(growth.get(key, 0), 10_000)) ** years
        for key, amount in amounts.items()
    )
    return (
        share(1, total.numerator, total.denominator)
        if total >= 0
        else -share(1, -total.numerator, total.denominator)
    )


def residents(now: int, hundredths_of_a_percent: int, years: int) -> int:
    """People are whole every year: rounded year by year."""
    for _ in range(years):
        now = share(now, 10_000 + hundredths_of_a_percent, 10_000)
    return now
