"""Pure functions of numbers: means, their standard errors, paired differences."""

from spanscore.statistics._moments import RunningMoments, mean, standard_deviation, standard_error
from spanscore.statistics._paired import PairedDifference, paired_difference

__all__ = [
    "PairedDifference",
    "RunningMoments",
    "mean",
    "paired_difference",
    "standard_deviation",
    "standard_error",
]
