import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';

const events = new EventBridgeClient({});
const data = {
  file_id: 'file_1',
  user_id: 'user_1',
  name: 'café.pdf',
  content_type: 'application/pdf',
  size: 1024,
};
const detail = { account_id: 'acct_1', id: 'evt_42', data };
// In ASCII: SQS refuses some characters that PutEvents accepts.
const escapeUnit = (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
const ascii = JSON.stringify(detail).replace(/[\u0080-\uffff]/g, escapeUnit);

const { FailedEntryCount, Entries } = await events.send(
  new PutEventsCommand({
    Entries: [
      {
        EventBusName: process.env.EVENT_BUS_NAME,
        Source: 'shop',
        DetailType: 'file.uploaded',
        Detail: ascii,
      },
    ],
  }),
);
if (FailedEntryCount > 0) throw new Error(`${Entries[0].ErrorCode}: ${Entries[0].ErrorMessage}`);
