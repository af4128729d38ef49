import json
import os

import boto3

events = boto3.client('events')
data = {'file_id': 'file_1', 'user_id': 'user_1', 'name': 'café.pdf', 'content_type': 'application/pdf', 'size': 1024}
detail = {'account_id': 'acct_1', 'id': 'evt_43', 'data': data}

answer = events.put_events(Entries=[{
    'EventBusName': os.environ['EVENT_BUS_NAME'],
    'Source': 'shop',
    'DetailType': 'file.uploaded',
    'Detail': json.dumps(detail),  # in ASCII, the default of json.dumps
}])
if answer['FailedEntryCount'] > 0:
    raise RuntimeError(f"{answer['Entries'][0]['ErrorCode']}: {answer['Entries'][0]['ErrorMessage']}")
