"""Pages of the site, for mkdocs: files of the repository at the places where they stand, so that their links hold."""

from __future__ import annotations

import re
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files

ROOT = Path(__file__).parents[1]
SHOWN = (
    "README.md",
    "CONTRIBUTING.md",
    "CITATION.cff",
    "calibration/README.md",
    "studies/*.yaml",
    *(f"{folder}/**/*.{ending}" for folder in ("docs", "experiments") for ending in ("md", "svg", "png", "json", "ipynb", "py", "css")),
)
PUBLIC = re.compile(r"^from \.([\w.]+) import (\w+) as \2$", flags=re.MULTILINE)
METHOD = re.compile(r"^    \w+ = (\w+)\.(\w+)$", flags=re.MULTILINE)
RENAMED = re.compile(r"^from capsim\.comparison import (\w+) as (\w+)$", flags=re.MULTILINE)


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Take the files of the theme, and those of the repository instead of those of docs/ alone."""
    found = Files([one for one in files if one.src_dir != config.docs_dir])
    paths = {path for pattern in SHOWN for path in ROOT.glob(pattern) if path.is_file()}
    for path in sorted(paths):
        found.append(File.generated(config, path.relative_to(ROOT).as_posix(), abs_src_path=str(path)))
    found.append(File.generated(config, "reference.md", content=reference()))
    return found


def reference() -> str:
    """A page with every public name, from the list that `import capsim` has."""
    names = PUBLIC.findall((ROOT / "capsim" / "__init__.pyi").read_text(encoding="utf-8"))
    blocks = []
    for module, name in sorted(names, key=lambda pair: pair[1].lower()):
        blocks.append(f"::: capsim.{module}.{name}")
        if name == "Comparison":
            blocks += methods_of_a_comparison()
    return "# Python reference\n\nAll of it stands in `capsim`: `from capsim import ...`.\n\n" + "\n\n".join(blocks) + "\n"


def methods_of_a_comparison() -> list[str]:
    """Its methods that are functions of other modules, which a reader of the source alone does not follow."""
    source = (ROOT / "capsim" / "comparison" / "comparison.py").read_text(encoding="utf-8")
    modules = {short: module for module, short in RENAMED.findall(source)}
    found = ((modules.get(module, module), name) for module, name in METHOD.findall(source))
    return [f"::: capsim.comparison.{module}.{name}\n    options:\n      heading_level: 3" for module, name in found]
