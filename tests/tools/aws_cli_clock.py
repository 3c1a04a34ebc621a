"""The AWS CLI with a clock that is so many minutes ahead: `aws_cli_clock.py MINUTES ARGUMENT...`."""

import sys
from datetime import timedelta

# First, since it brings a botocore of its own, which takes the name of the other.
from awscli.clidriver import main

import botocore.auth  # isort: skip

ahead = timedelta(minutes=int(sys.argv.pop(1)))
now = botocore.auth.get_current_datetime
botocore.auth.get_current_datetime = lambda *arguments, **named: now(*arguments, **named) + ahead
sys.exit(main())
