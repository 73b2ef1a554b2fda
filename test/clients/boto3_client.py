# Plays SQS calls that come as lines of JSON on the standard input, and answers each with a line of JSON; first with its protocol.
import json
import sys

import boto3
from botocore import xform_name
from botocore.exceptions import ClientError

client = boto3.client("sqs", endpoint_url=sys.argv[1])
print(json.dumps({"protocol": client.meta.service_model.metadata["protocol"]}), flush=True)
for line in sys.stdin:
    action, given = json.loads(line)
    try:
        answer = getattr(client, xform_name(action))(**given)
        answer.pop("ResponseMetadata")
        print(json.dumps({"answer": answer}, default=str), flush=True)
    except AttributeError:
        print(json.dumps({"code": "unknown to the client"}), flush=True)
    except ClientError as error:
        print(json.dumps({"code": error.response["Error"]["Code"]}), flush=True)
