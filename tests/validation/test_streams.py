"""The battery on addressed numbers: it reads the model's own numbers, and it sees what is not random."""

from __future__ import annotations

import json
from dataclasses import dataclass

import numpy as np
import pytest
from click.testing import CliRunner

from capsim.streams.squares import fill_uniform
from validation.__main__ import main
from validation.streams.orders import ORDERS, PARTS
from validation.streams.statistics import Finding, findings_of

COUNT = 2**17


@dataclass(frozen=True)
class MadeUp:
    """An order whose words are given."""

    made: np.ndarray
    name: str = "made up"

    def words(self, first: int, count: int) -> np.ndarray:
        return self.made[first : first + count]


def sound() -> np.ndarray:
    return np.random.Generator(np.random.Philox(3)).integers(0, 2**64, COUNT, np.uint64)


def missed(words: np.ndarray) -> set[str]:
    return {finding.statistic for finding in findings_of(MadeUp(words), len(words)) if not finding.met}


@pytest.mark.parametrize("order", ORDERS, ids=lambda order: order.name)
def test_orders_read_the_numbers_of_the_model(order):
    count = 3000
    words = order.words(0, count)
    assert np.array_equal(order.words(1000, 50), words[1000:1050])
    for n in (0, 1, 13, count - 1):
        place, address = n, dict(order.fixed)
        for name, values in order.along.items():
            place, turn = divmod(place, len(values))
            address[name] = int(values[turn])
        address[order.onward] = place
        run, process, identity, row, month, column = (np.uint64(address[name]) for name in PARTS)
        numbers = np.empty((1, int(column) + 1))
        fill_uniform(numbers, run, process, np.array([identity]), np.array([row]), month)
        assert numbers[0, int(column)] == (int(words[n]) >> 11) / 2**53


@pytest.mark.parametrize("order", ORDERS, ids=lambda order: order.name)
def test_neighbours_share_nothing(order):
    assert [finding for finding in findings_of(order, COUNT) if not finding.met] == []


def test_sound_numbers_pass():
    assert missed(sound()) == set()


def test_what_is_not_random_is_seen():
    words = sound()
    same_as_agency_before = words.copy()
    same_as_agency_before[12::24] = words[11:-1:24]
    weak_bit = words | np.uint64(1 << 20) * (np.arange(COUNT) % 16 == 0).astype(np.uint64)
    even_weight = words ^ np.bitwise_count(words).astype(np.uint64) % np.uint64(2) * (np.arange(COUNT) % 2 == 0).astype(
        np.uint64
    )
    counted = np.arange(COUNT, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    shared = (words >> np.uint64(1)) + (np.repeat(sound()[: COUNT // 4096], 4096) >> np.uint64(1))
    assert "uniform: correlation at 10 distances" in missed(same_as_agency_before)
    assert missed(weak_bit) == {"each of 64 bits"}
    assert "Hamming weight" in missed(even_weight)
    assert "pairs of neighbours in 64 x 64 cells" in missed(counted)
    assert "normal: variance of means of 4096" in missed(shared)
    assert "number repeated" in missed(np.concatenate([words, words]))


def test_the_command(monkeypatch, tmp_path):
    good, bad = Finding("months", "each of 64 bits", 1.5, 0.2), Finding("runs", "Hamming weight", 99.0, 1e-9)
    monkeypatch.setattr("validation.streams.running.run_streams", lambda **_: [good])
    page = tmp_path / "page.md"
    assert CliRunner().invoke(main, ["streams", "--write", str(page)]).exit_code == 0
    assert "**1 of 1 findings met.**" in page.read_text(encoding="utf-8")
    monkeypatch.setattr("validation.streams.running.run_streams", lambda **_: [good, bad])
    result = CliRunner().invoke(main, ["streams", "--write", str(page)])
    assert result.exit_code == 1
    assert "1 of 2 statistics met." in result.stdout
    assert "**1e-09**" in page.read_text(encoding="utf-8")
    assert [row["met"] for row in json.loads(CliRunner().invoke(main, ["streams", "--json"]).stdout)] == [True, False]


def test_dieharder_is_asked_for_by_name(monkeypatch):
    monkeypatch.setattr("shutil.which", lambda name: None)
    result = CliRunner().invoke(main, ["streams", "--dieharder", "--numbers", "100000"])
    assert result.exit_code == 2
    assert "apt-get install dieharder" in result.stderr
