"""Keys are stable: these numbers must never change, or old results could not be repeated."""

import pytest

from capsim.catalogue import PROCESS_NAMES
from capsim.streams.keys import key_from, key_from_name, uniform_for_name

GOLDEN_NAMES = {
    "turnover": 4763201343414839551,
    "hiring": 10682498069567676719,
    "settling": 11440509336132243993,
    "": 13020603013274838756,
    "3904380": 16083609259100184033,
    "Zürich": 636548684707296368,
}
GOLDEN_SEQUENCES = [
    ((), 13020603013274838756),
    ((0,), 7163381271710615482),
    (("world", 1, 0), 16264394756179232480),
    (("settling", 18446744073709551615), 10754975899512431298),
    (("x", -3, "y"), 13940460359005707851),
]


@pytest.mark.parametrize(("name", "key"), GOLDEN_NAMES.items())
def test_key_of_a_name(name, key):
    assert key_from_name(name) == key


@pytest.mark.parametrize(("parts", "key"), GOLDEN_SEQUENCES)
def test_key_of_a_sequence(parts, key):
    assert key_from(*parts) == key


def test_uniform_number_of_a_name():
    assert uniform_for_name(1, "tenure_gradient") == 0.4057996569117851
    assert uniform_for_name(2**64 - 1, "Zürich") == 0.3550706368208998
    numbers = [uniform_for_name(5, f"name {n}") for n in range(1000)]
    assert 0.0 <= min(numbers) < 0.01
    assert 0.99 < max(numbers) < 1.0


def test_keys_are_words_of_64_bits():
    keys = [key_from("run", replicate) for replicate in range(1000)]
    assert all(0 <= key < 2**64 for key in keys)
    assert max(keys) > 2**63


def test_run_keys_are_distinct():
    keys = {key_from("world", seed, replicate) for seed in range(200) for replicate in range(500)}
    assert len(keys) == 200 * 500


def test_streams_of_the_month_are_distinct():
    assert len({key_from_name(name) for name in PROCESS_NAMES}) == len(PROCESS_NAMES)


@pytest.mark.parametrize(
    ("first", "second"),
    [((1, 23), (12, 3)), (("1",), (1,)), (("a", "b"), ("ab",)), ((1, 2), (2, 1)), (("a",), ("a", "")), ((), ("",))],
)
def test_other_parts_other_key(first, second):
    assert key_from(*first) != key_from(*second)


def test_sign_and_size_of_an_integer_count():
    assert len({key_from(n) for n in (0, 1, -1, 2**64, 2**64 + 1, -(2**64))}) == 6
