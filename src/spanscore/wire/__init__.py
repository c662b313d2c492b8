"""What crosses between the halves: names, shapes and seams; no input or output."""
