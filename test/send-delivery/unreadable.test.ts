import { describe, expect, it } from 'vitest';
import { encodeMessage } from '../../lambdas/shared/domain/message.ts';
import { MAX_MESSAGE_BYTES } from '../../local/sqs/limits.ts';
import { message } from '../support/builders.ts';
import { newCloud } from '../support/new-cloud.ts';

describe('a message that cannot be read', () => {
  it('is sent to the unreadable queue at once, unchanged; the other messages of its batch are delivered [FAULT-13]', async () => {
    const cloud = await newCloud();
    cloud.putText('first', 'not json');
    cloud.put('first', message());

    const response = await cloud.run('first');

    expect(response.batchItemFailures).toEqual([]);
    expect(cloud.posts).toHaveLength(1);
    const [unreadable] = cloud.receiveAll('unreadable');
    expect(unreadable?.body).toBe('not json');
    expect(unreadable?.attributes).toMatchObject({
      reason: { stringValue: 'the message is not JSON' },
      queue_arn: { stringValue: expect.stringContaining(':first') },
    });
  });

  it('of the largest size is sent to the unreadable queue without message attributes', async () => {
    const cloud = await newCloud();
    const text = 'x'.repeat(MAX_MESSAGE_BYTES);
    cloud.putText('first', text);

    const response = await cloud.run('first');

    expect(response.batchItemFailures).toEqual([]);
    expect(cloud.receiveAll('unreadable')).toMatchObject([{ body: text, attributes: {} }]);
  });

  it('because of its version is returned to its queue, for a deployment that can read it', async () => {
    const cloud = await newCloud();
    const unknown = JSON.stringify({ ...JSON.parse(encodeMessage(message())), v: 99 });
    cloud.putText('first', unknown);

    await cloud.run('first');

    expect(cloud.receiveTexts('unreadable')).toEqual([]);
    expect(cloud.nextDueAt('first')).toBe(cloud.time.now + 10_000);
    cloud.time.now += 10_000;
    expect(cloud.receiveTexts('first')).toEqual([unknown]);
  });
});
