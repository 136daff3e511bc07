"""What each kind of event does to a matter, by the chapters of the procedure; all of it pure."""
