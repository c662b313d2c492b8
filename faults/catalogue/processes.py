"""Programs of many processes, and those whose runtime is not the plain one."""

from faults.scenario import Scenario

PROCESSES = (
    Scenario(name="os.fork, children sys.exit", program=("forks", "sys_exit")),
    Scenario(name="os.fork, children os._exit", program=("forks", "os_exit")),
    Scenario(name="10 forks while 4 threads trace", program=("forks", "threads"), patience_s=90.0),
    Scenario(
        name="SIGKILL while a forked child lives on",
        program=("survived",),
        status=-9,
        is_short=False,
    ),
    Scenario(name="multiprocessing fork", program=("multiprocesses", "fork")),
    Scenario(name="multiprocessing forkserver", program=("multiprocesses", "forkserver"), is_short=False),
    Scenario(name="multiprocessing spawn", program=("multiprocesses", "spawn"), is_short=False),
    Scenario(
        name="gunicorn --preload, 2 workers",
        program=("gunicorn_served",),
        needs=("gunicorn",),
        ends_promptly=False,
        is_short=False,
    ),
    Scenario(
        name="celery prefork, one task a child",
        program=("celery_worked",),
        needs=("celery",),
        has_baseline=True,
        ends_promptly=False,
        is_short=False,
        patience_s=120.0,
    ),
    Scenario(name="gevent-patched program", program=("gevent_patched",), needs=("gevent",)),
    Scenario(name="pytest-xdist, 2 workers", program=("xdist_run",), needs=("xdist",), is_short=False),
)
