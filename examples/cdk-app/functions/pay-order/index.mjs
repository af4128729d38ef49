import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';

const events = new EventBridgeClient({});

/** Takes `{customerId, orderId, amount}`, and publishes the event `order.paid` for the customer's webhooks. */
export async function handler({ customerId, orderId, amount }) {
  const detail = {
    account_id: customerId,
    // An event with the same id is delivered once, also when this function runs again for the same order.
    id: `evt_${orderId}_paid`,
    data: { order_id: orderId, amount },
  };
  const { FailedEntryCount, Entries } = await events.send(
    new PutEventsCommand({
      Entries: [
        {
          EventBusName: process.env.EVENT_BUS_NAME,
          Source: 'shop',
          DetailType: 'order.paid',
          Detail: JSON.stringify(detail),
        },
      ],
    }),
  );
  if (FailedEntryCount > 0) throw new Error(`${Entries[0].ErrorCode}: ${Entries[0].ErrorMessage}`);
}
