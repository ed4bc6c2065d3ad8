"""Every bit of the engine's numbers against numpy's own Philox."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from capsim.streams.keys import key_from_name
from capsim.streams.philox import fill_uniform, uniforms

LAST = 2**64 - 1
EDGES = (0, 1, 2**32 - 1, 2**32, 2**63, LAST - 1, LAST)
WORD = st.one_of(st.sampled_from(EDGES), st.integers(0, LAST))


def fill(columns, *, run_key, process_key, identity, row, month):
    out = np.full((len(identity), columns), np.nan)
    identity, row = np.array(identity, np.uint64), np.array(row, np.uint64)
    fill_uniform(out, np.uint64(run_key), np.uint64(process_key), identity, row, np.uint64(month))
    return out


def numpy_row(columns, *, run_key, process_key, identity, row, month):
    """Numpy counts up before it draws, so the counter starts one lower."""
    key = np.array([run_key, process_key], np.uint64)
    counter = np.array([0, row, identity, month], np.uint64)
    return np.random.Generator(np.random.Philox(key=key, counter=counter)).random(columns)


@settings(max_examples=300, deadline=None)
@given(
    run_key=WORD,
    process_key=WORD,
    month=WORD,
    columns=st.integers(1, 19),
    rows=st.lists(st.tuples(WORD, WORD), min_size=1, max_size=4),
)
def test_every_number_is_that_of_numpy(run_key, process_key, month, columns, rows):
    identity, row = zip(*rows, strict=True)
    ours = fill(columns, run_key=run_key, process_key=process_key, identity=identity, row=row, month=month)
    for r, (who, which) in enumerate(rows):
        theirs = numpy_row(columns, run_key=run_key, process_key=process_key, identity=who, row=which, month=month)
        assert ours[r].tobytes() == theirs.tobytes()


def test_at_the_largest_words():
    edge = {"run_key": LAST, "process_key": LAST, "month": LAST}
    ours = fill(9, **edge, identity=[LAST], row=[LAST])
    assert ours[0].tobytes() == numpy_row(9, **edge, identity=LAST, row=LAST).tobytes()


def test_many_rows():
    rng = np.random.Generator(np.random.Philox(5))
    identity, row = rng.integers(0, LAST, (2, 500), np.uint64, endpoint=True)
    ours = fill(8, run_key=11, process_key=12, identity=identity, row=row, month=13)
    theirs = [
        numpy_row(8, run_key=11, process_key=12, identity=who, row=which, month=13)
        for who, which in zip(identity, row, strict=True)
    ]
    assert np.array_equal(ours, theirs)


def test_a_row_does_not_depend_on_its_place_or_on_the_others():
    rng = np.random.Generator(np.random.Philox(6))
    identity, row = rng.integers(0, LAST, (2, 50), np.uint64)
    whole = fill(6, run_key=1, process_key=2, identity=identity, row=row, month=3)
    order = rng.permutation(50)
    mixed = fill(6, run_key=1, process_key=2, identity=identity[order], row=row[order], month=3)
    assert np.array_equal(whole[order], mixed)
    for r in (0, 49):
        alone = fill(6, run_key=1, process_key=2, identity=identity[[r]], row=row[[r]], month=3)
        assert np.array_equal(whole[[r]], alone)


def test_more_columns_leave_the_first_ones():
    few, many = (fill(columns, run_key=1, process_key=2, identity=[3], row=[4], month=5) for columns in (3, 17))
    assert np.array_equal(few[0], many[0, :3])


@pytest.mark.parametrize("word", ["run_key", "process_key", "identity", "row", "month"])
def test_every_part_of_the_address_counts(word):
    address = {"run_key": 1, "process_key": 2, "identity": 3, "row": 4, "month": 5}

    def numbers(place):
        return fill(8, **{**place, "identity": [place["identity"]], "row": [place["row"]]})

    seen = {numbers(address).tobytes()}
    for bit in range(64):
        seen.add(numbers({**address, word: address[word] ^ (1 << bit)}).tobytes())
    assert len(seen) == 65


def test_numbers_are_uniform_across_positions_and_months():
    """Addresses that differ by one bit must not be correlated."""
    n = 20_000
    by_row = fill(1, run_key=1, process_key=2, identity=np.full(n, 3), row=np.arange(n), month=4)[:, 0]
    by_identity = fill(1, run_key=1, process_key=2, identity=np.arange(n), row=np.zeros(n), month=4)[:, 0]
    months = [fill(1, run_key=1, process_key=2, identity=[3], row=[4], month=m)[0, 0] for m in range(n)]
    for numbers in (by_row, by_identity, np.array(months)):
        assert numbers.min() >= 0.0
        assert numbers.max() < 1.0
        cells = np.bincount((numbers * 100).astype(int), minlength=100)
        assert abs(((cells - n / 100) ** 2).sum() / (n / 100) - 99) < 4 * np.sqrt(2 * 99)
        assert abs(np.corrcoef(numbers[:-1], numbers[1:])[0, 1]) < 4 / np.sqrt(n)


def test_uniforms_are_the_same_stream():
    identity = np.array([7, LAST], np.uint64)
    block = uniforms(run_key=LAST, purpose="newcomers", identity=identity, columns=5, month=2)
    for r, who in enumerate(identity):
        theirs = numpy_row(5, run_key=LAST, process_key=key_from_name("newcomers"), identity=who, row=0, month=2)
        assert np.array_equal(block[r], theirs)


def test_uniforms_take_keys_of_any_size_and_sign():
    identity = np.array([1], np.uint64)
    block = [uniforms(run_key=key, purpose="a", identity=identity, columns=2) for key in (-1, LAST, 2**64 * 5 - 1)]
    assert np.array_equal(block[0], block[1])
    assert np.array_equal(block[0], block[2])


def test_nothing_to_fill():
    assert fill(0, run_key=1, process_key=2, identity=[3], row=[4], month=5).shape == (1, 0)
    assert fill(3, run_key=1, process_key=2, identity=[], row=[], month=5).shape == (0, 3)
