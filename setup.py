"""Packages: those of capsim/; the folders scenarios/ and docs/lessons/ as capsim.scenario.shipped and
capsim.lessons.shipped, so that each stands once.
"""

from setuptools import find_packages, setup

setup(
    packages=[*find_packages(include=["capsim*"]), "capsim.scenario.shipped", "capsim.lessons.shipped"],
    package_dir={"capsim.scenario.shipped": "scenarios", "capsim.lessons.shipped": "docs/lessons"},
)
