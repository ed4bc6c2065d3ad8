"""What March (1991) published: figures 1 and 3 read off their printed pictures, every figure in words.

Figures 1 and 3 were measured on a scan (to about 0.003, means of 80 runs). Of figures 2, 4 and 5 only what text and
summaries say of them was at hand; their axes are those of two independent recreations of the paper.
"""

from __future__ import annotations

from validation.replications.claims import Claim, falls_more, more, rising
from validation.replications.march_figures import FAST, SLOW

READ_TO, RUNS = 0.003, 80
_RATES = tuple(n / 10 for n in range(1, 10))
_SHARES = tuple(n / 10 for n in range(11))

_FIGURE_1 = {
    0.1: (0.857, 0.814, 0.803, 0.788, 0.802, 0.817, 0.806, 0.803, 0.795),
    0.5: (0.954, 0.919, 0.873, 0.835, 0.796, 0.779, 0.781, 0.753, 0.746),
    0.9: (0.977, 0.950, 0.911, 0.888, 0.853, 0.803, 0.769, 0.745, 0.752),
}
_FIGURE_3_CODE = (0.769, 0.770, 0.781, 0.774, 0.774, 0.781, 0.751, 0.750, 0.746, 0.745, 0.731)
_FIGURE_3_ALL = (0.479, 0.538, 0.561, 0.588, 0.615, 0.652, 0.654, 0.670, 0.695, 0.705, 0.731)
_FIGURE_3_FAST = (0.755, 0.759, 0.758, 0.760, 0.771, 0.743, 0.743, 0.737, 0.730)
_FIGURE_3_SLOW = (0.512, 0.511, 0.516, 0.516, 0.533, 0.519, 0.516, 0.525, 0.526)


def average_rate(share: float) -> float:
    """Mean p1 where this share of individuals learns fast."""
    return round(SLOW + share * (FAST - SLOW), 10)


def published(number: int) -> dict[tuple[float, float, str], float]:
    """Values of a figure by p1, p2 and quantity; empty where only words are at hand."""
    if number == 1:
        return {(p1, p2, "code"): v for p2, line in _FIGURE_1.items() for p1, v in zip(_RATES, line, strict=True)}
    if number != 3:
        return {}
    code = {(s, average_rate(s), "code"): v for s, v in zip(_SHARES, _FIGURE_3_CODE, strict=True)}
    everybody = {(s, average_rate(s), "individuals"): v for s, v in zip(_SHARES, _FIGURE_3_ALL, strict=True)}
    fast = {(s, FAST, "individuals"): v for s, v in zip(_RATES, _FIGURE_3_FAST, strict=True)}
    slow = {(s, SLOW, "individuals"): v for s, v in zip(_RATES, _FIGURE_3_SLOW, strict=True)}
    return code | everybody | fast | slow


def _code(p1: float, p2: float) -> tuple[float, float, str]:
    return (p1, p2, "code")


def _everybody(share: float) -> tuple[float, float, str]:
    return (share, average_rate(share), "individuals")


CLAIMS: dict[int, tuple[Claim, ...]] = {
    1: (
        Claim(
            "slow socialization ends in more knowledge than fast socialization",
            tuple(more(_code(0.1, p2), _code(0.9, p2)) for p2 in _FIGURE_1),
        ),
        Claim(
            "slow socialization gains more where the code learns fast",
            (falls_more((_code(0.1, 0.9), _code(0.9, 0.9)), (_code(0.1, 0.1), _code(0.9, 0.1))),),
        ),
        Claim(
            "where socialization is slow, a code that learns fast ends with more",
            rising(_code(0.1, 0.1), _code(0.1, 0.5), _code(0.1, 0.9)),
        ),
        Claim(
            "where socialization is fast, a code that learns slowly ends with more",
            (more(_code(0.9, 0.1), _code(0.9, 0.5)), more(_code(0.9, 0.1), _code(0.9, 0.9))),
        ),
    ),
    2: (
        Claim(
            "at the same average rate a mix of fast and slow learners ends with more than learners all alike",
            tuple(more(_code(average_rate(s), 0.8), _code(average_rate(s), 0.0)) for s in _RATES),
        ),
    ),
    3: (
        Claim(
            "fast learners know more than slow ones",
            tuple(more((s, FAST, "individuals"), (s, SLOW, "individuals")) for s in _RATES),
        ),
        Claim(
            "fast learners gain from having slow ones about them (half of them, against none)",
            (more((0.5, FAST, "individuals"), _everybody(1.0)),),
        ),
        Claim(
            "the average individual knows more the more fast learners there are",
            rising(_everybody(0.0), _everybody(0.3), _everybody(0.6), _everybody(1.0)),
        ),
        Claim("the code knows less when all are fast than when half are", (more(_code(0.5, 0.5), _code(1.0, FAST)),)),
    ),
    4: (
        Claim(
            "where socialization is slow, turnover lowers the code's knowledge",
            rising(_code(0.6, SLOW), _code(0.3, SLOW), _code(0.0, SLOW)),
        ),
        Claim(
            "where socialization is fast, moderate turnover raises it",
            (more(_code(0.1, FAST), _code(0.0, FAST)), more(_code(0.2, FAST), _code(0.0, FAST))),
        ),
        Claim(
            "where socialization is fast, moderate turnover leaves the code with more than complete turnover",
            (more(_code(0.3, FAST), _code(1.0, FAST)),),
        ),
    ),
    5: (
        Claim(
            "without turnover knowledge first rises and then decays",
            (
                more(_code(8, 0.0), _code(1, 0.0)),
                more(_code(8, 0.0), _code(50, 0.0)),
                more(_code(50, 0.0), _code(100, 0.0)),
            ),
        ),
        Claim("with turnover knowledge is kept up", (more(_code(100, 0.1), _code(100, 0.0)),)),
    ),
}
"""What is said of each figure, in our words."""
