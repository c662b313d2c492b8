"""Pure functions of numbers: means with errors and intervals, paired differences with tests, power."""

from spanscore.statistics._binary_pairs import bonett_price_error, bonett_price_interval, mcnemar
from spanscore.statistics._bootstrap import SignsTest, bootstrap_interval, signs_test
from spanscore.statistics._bounds import CONFIDENCE, ENOUGH, SIGNIFICANCE, Bounds
from spanscore.statistics._clusters import NO_CLUSTER, ClusterSums, RunningClusters
from spanscore.statistics._moments import RunningMoments, mean, standard_deviation, standard_error
from spanscore.statistics._paired import (
    Comparison,
    PairedDifference,
    PairSums,
    RunningPairs,
    paired_difference,
)
from spanscore.statistics._power import (
    POWER,
    PairVariance,
    minimum_detectable_effect,
    needed_inputs,
    needed_trials,
    power_of,
)
from spanscore.statistics._proportion import effective_count, wilson_interval
from spanscore.statistics._sample import Estimate, RunningSample, t_interval
from spanscore.statistics._several import holm, verdict
from spanscore.statistics._student import incomplete_beta, t_quantile, t_tails
from spanscore.statistics._trials import RunningTrials, TrialFigures, pass_at_k, pass_hat_k

__all__ = [
    "CONFIDENCE",
    "ENOUGH",
    "NO_CLUSTER",
    "POWER",
    "SIGNIFICANCE",
    "Bounds",
    "ClusterSums",
    "Comparison",
    "Estimate",
    "PairSums",
    "PairVariance",
    "PairedDifference",
    "RunningClusters",
    "RunningMoments",
    "RunningPairs",
    "RunningSample",
    "RunningTrials",
    "SignsTest",
    "TrialFigures",
    "bonett_price_error",
    "bonett_price_interval",
    "bootstrap_interval",
    "effective_count",
    "holm",
    "incomplete_beta",
    "mcnemar",
    "mean",
    "minimum_detectable_effect",
    "needed_inputs",
    "needed_trials",
    "paired_difference",
    "pass_at_k",
    "pass_hat_k",
    "power_of",
    "signs_test",
    "standard_deviation",
    "standard_error",
    "t_interval",
    "t_quantile",
    "t_tails",
    "verdict",
    "wilson_interval",
]
