"""A process that is killed while a child it has forked lives on, in its own session, and does nothing."""

import os
import signal
import time

from faults.programs.recording import finish, record, start

_CHILD_LIVES_S = 8.0

if __name__ == "__main__":
    start()
    record()
    if not os.fork():
        os.setsid()
        time.sleep(_CHILD_LIVES_S)
        os._exit(0)
    finish()
    os.kill(os.getpid(), signal.SIGKILL)
