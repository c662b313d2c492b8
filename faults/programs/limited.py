"""Records in a process that may not write a file past so many bytes: the disk is full from then on."""

import resource
import sys

from faults.programs.recording import finish, record, start

if __name__ == "__main__":
    limit = int(sys.argv[1])
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
    start()
    record()
    finish()
