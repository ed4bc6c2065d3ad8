"""The smallest dose: a small version of the page."""

from click.testing import CliRunner

from experiments.smallest_dose import MIXES, main


def test_the_small_version_shows_every_mix_at_every_budget() -> None:
    result = CliRunner().invoke(main, ["--small"])
    assert result.exit_code == 0, result.output
    assert "no budget tried is enough" in result.output
    rows = [line for line in result.output.splitlines() if line.startswith("| ") and "60,000" in line.split("|")[3]]
    assert len(rows) == 2 * len(MIXES)
