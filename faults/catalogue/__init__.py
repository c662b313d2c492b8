"""The scenarios, by what goes wrong."""

from faults.catalogue.ends import ENDS
from faults.catalogue.machines import MACHINES
from faults.catalogue.outages import OUTAGES
from faults.catalogue.processes import PROCESSES
from faults.catalogue.store import STORE
from faults.scenario import Scenario

SCENARIOS: tuple[Scenario, ...] = (*ENDS, *OUTAGES, *PROCESSES, *MACHINES, *STORE)
