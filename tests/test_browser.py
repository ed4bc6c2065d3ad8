"""Where a browser was promised, tests of pages fail without it instead of being skipped."""

from __future__ import annotations

import pytest

from tests import browser


def test_what_is_missing_is_skipped_unless_it_was_promised(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(browser, "PROMISED", False)
    with pytest.raises(pytest.skip.Exception, match="no-such-module is not installed"):
        browser.needed("no_such_module")
    monkeypatch.setattr(browser, "PROMISED", True)
    with pytest.raises(ModuleNotFoundError):
        browser.needed("no_such_module")
