import { type CloudAccess, queueUrl } from '../cloud-access.ts';
import type { History } from '../history.ts';

/** Redrives the exhausted queue as SQS does: each message becomes a new one on the queue with the name `to`. */
export async function redriveExhausted(cloud: CloudAccess, history: History, to: string): Promise<void> {
  const { engine } = cloud;
  const source = queueUrl(cloud, 'Exhausted');
  for (;;) {
    const [received] = engine.receive({ queueUrl: source, max: 1 });
    if (received === undefined) return;
    engine.deleteMessage(source, received.receiptHandle);
    const { body, groupId } = received.message;
    history.add({ kind: 'redriven', deliveryId: String(JSON.parse(body).delivery_id), to });
    engine.send(queueUrl(cloud, to), {
      body,
      senderId: 'operator',
      ...(groupId === undefined ? {} : { groupId }),
    });
  }
}
