import { describe, expect, it } from 'vitest';
import { message } from '../support/builders.ts';
import { actionsOf, newCloud, recordCalls } from '../support/new-cloud.ts';

describe('a function that Lambda invokes long after it received the batch', () => {
  it('sends nothing when another consumer has received the message since [FAULT-6]', async () => {
    const cloud = await newCloud();
    await cloud.addWebhook();
    cloud.put('first', message());

    await cloud.runLate('first', 130_000);

    expect(cloud.posts).toEqual([]);
  });

  it('extends the visibility timeout first, then reads, then sends [FAULT-6]', async () => {
    const cloud = await newCloud();
    await cloud.addWebhook();
    const calls = recordCalls(cloud);
    cloud.put('first', message());

    await cloud.runLate('first', 61_000);

    expect(actionsOf(calls).slice(0, 2)).toEqual(['ChangeMessageVisibilityBatch', 'BatchGetItem']);
    expect(cloud.posts).toHaveLength(1);
  });

  it('does not extend the visibility timeout within the first minute', async () => {
    const cloud = await newCloud();
    const calls = recordCalls(cloud);
    const late = message({ signed: { ...message().signed, signedAt: cloud.time.now + 59_000 } });
    cloud.put('first', late);

    await cloud.runLate('first', 59_000);

    expect(actionsOf(calls)).toEqual(['BatchWriteItem']);
  });
});
