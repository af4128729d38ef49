import { SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';

const sqs = new SQSClient({});
const data = {
  file_id: 'file_1',
  user_id: 'user_1',
  name: 'café.pdf',
  content_type: 'application/pdf',
  size: 1024,
};
// As the bus writes an event. Without an id in `detail`, the event's id follows from this `id`.
const event = {
  version: '0',
  id: crypto.randomUUID(),
  'detail-type': 'file.uploaded',
  source: 'shop',
  account: '123456789012',
  time: new Date().toISOString(),
  region: 'us-east-1',
  resources: [],
  detail: { account_id: 'acct_1', id: 'evt_46', data },
};
// In ASCII: SQS refuses some characters.
const escapeUnit = (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
const ascii = JSON.stringify(event).replace(/[\u0080-\uffff]/g, escapeUnit);

// Up to ten entries, together at most 1 MiB.
const { Failed = [] } = await sqs.send(
  new SendMessageBatchCommand({
    QueueUrl: process.env.EVENTS_QUEUE_URL,
    Entries: [{ Id: '0', MessageBody: ascii }],
  }),
);
// Send these again, with the same ids.
if (Failed.length > 0) throw new Error(`${Failed[0].Code}: ${Failed[0].Message}`);
