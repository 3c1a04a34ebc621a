"""Runs the AWS CLI with a clock that is some minutes ahead: `aws_cli_clock.py MINUTES ARGUMENT...`."""

import sys
from datetime import timedelta

# This import is first, because awscli has its own botocore, which must take the name `botocore`.
from awscli.clidriver import main

import botocore.auth  # isort: skip

ahead = timedelta(minutes=int(sys.argv.pop(1)))
now = botocore.auth.get_current_datetime
botocore.auth.get_current_datetime = lambda *arguments, **named: now(*arguments, **named) + ahead
sys.exit(main())
