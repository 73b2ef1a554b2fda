# The AWS command line without a process of its own for each command, which takes it a second: commands come as lines of JSON,
# a list of arguments each, and are answered with a line of JSON.
import contextlib
import io
import json
import sys

from awscli.clidriver import create_clidriver

for line in sys.stdin:
    out, errors = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(errors):
        try:
            code = create_clidriver().main(json.loads(line))
        except SystemExit as end:
            code = end.code
    print(json.dumps({"code": code, "out": out.getvalue(), "errors": errors.getvalue()}), flush=True)
