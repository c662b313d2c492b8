"""The bursts and the outage with other libraries, each in an environment of its own, made by this program."""

from benchmarks._environments import environment, version
from benchmarks.burst import DOWN_S, NAMES, print_bursts
from benchmarks.outage_memory import print_growth

PEERS = ("braintrust", "langfuse", "logfire")


def main() -> None:
    """Print the tables of `burst` and `outage_memory` with the peers in them."""
    pythons = {peer: environment(peer, ["opentelemetry-exporter-otlp-proto-http", peer]) for peer in PEERS}
    names = {**NAMES, **{peer: f"{peer} {version(python, peer)}" for peer, python in pythons.items()}}
    for down_s in (0.0, DOWN_S):
        print_bursts(names, pythons, down_s)
    print_growth(names, pythons)


if __name__ == "__main__":
    main()
