"""A month of scores for every test of the period files."""

from scores_of import late_month  # noqa: F401 - a fixture
