"""What is needed now and then and by nobody who runs Duban."""
