"""Sends each video that is named as a job for the workers: python3 send.py sea.mkv mountain.mov"""

import json
import os
import sys
from pathlib import Path

import boto3

# Whatever boto3 else needs to know (keys, region) comes from the environment, as on AWS.
sqs = boto3.client("sqs", endpoint_url=os.environ.get("AWS_ENDPOINT_URL", "http://127.0.0.1:9324"))
queue = sqs.create_queue(QueueName="videos")["QueueUrl"]

for path in map(Path, sys.argv[1:]):
    job = {"name": path.stem, "source": str(path.resolve())}
    sent = sqs.send_message(QueueUrl=queue, MessageBody=json.dumps(job))
    print(f"sent {path.stem} as message {sent['MessageId']}")
