"""What `make bench` measures. Nothing here is needed to run Duban."""
