"""A month of scores for every test of the period files."""

from scores_of import File, late_month, moment  # noqa: F401 - the fixture, and what tests take from here
