"""Packages: those of capsim/, and the folder scenarios/ as capsim.scenario.shipped, so that it stands once."""

from setuptools import find_packages, setup

setup(
    packages=[*find_packages(include=["capsim*"]), "capsim.scenario.shipped"],
    package_dir={"capsim.scenario.shipped": "scenarios"},
)
