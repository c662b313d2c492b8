"""The main scenarios into the embedded store, and the Braintrust route."""

from dataclasses import replace

from faults.catalogue.ends import ENDS
from faults.catalogue.processes import PROCESSES
from faults.scenario import Place, Scenario

_SHORT = ("normal exit", "SIGKILL", "os._exit", "os.fork, children os._exit")

STORE = (
    *(
        replace(
            scenario,
            name=f"{scenario.name}, embedded store",
            place=Place.LOCAL,
            is_short=scenario.name in _SHORT,
            has_baseline=False,
        )
        for scenario in (*ENDS, *PROCESSES)
    ),
    Scenario(
        name="SIGTERM, Braintrust route", program=("ends", "sigterm"), status=-15, place=Place.BRAINTRUST
    ),
    Scenario(
        name="two keys and one home: nothing crosses",
        program=("ends", "normal"),
        place=Place.BRAINTRUST,
        is_for_two_keys=True,
    ),
)
