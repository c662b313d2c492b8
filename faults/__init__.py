"""The fault suite: programs that end badly, backends that answer badly, what arrived; `python -m faults`."""
