"""The pages of 督办台账: one module a page family, on the library's layout."""
