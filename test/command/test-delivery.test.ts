import { describe, expect, it } from 'vitest';
import { sendTestEvent } from '../../command/doctor/test-delivery.ts';
import { ApiRefusal } from '../../local/api-client.ts';
import { createTestTimer } from '../support/test-timer.ts';

/** Runs the check with an API that answers the reads of the delivery in turn; the last answer repeats. */
function run(answers: readonly (string | ApiRefusal)[]) {
  const remaining = [...answers];
  const clock = createTestTimer();
  const api = {
    async call(method: string, path: string): Promise<Record<string, unknown>> {
      if (path === '/v1/event-types') return { data: [{ name: 'file.uploaded', example: {} }] };
      if (method === 'POST') return { delivery_id: 'dlv_1' };
      const answer = remaining.length > 1 ? remaining.shift() : remaining[0];
      if (answer instanceof Error) throw answer;
      return { status: answer };
    },
  };
  return { clock, finding: sendTestEvent(api, { accountId: 'acct_1', webhookId: 'wh_1' }, clock) };
}

describe('the test delivery of doctor', () => {
  const notRecorded = new ApiRefusal(404, 'no such delivery');

  it('waits while the delivery is not recorded', async () => {
    const { clock, finding } = run([notRecorded, notRecorded, 'delivered']);

    expect(await finding).toEqual({ status: 'ok', detail: 'dlv_1 was delivered' });
    expect(clock.waits).toHaveLength(2);
  });

  it('is a problem when the first attempt fails, and when there is none within a minute', async () => {
    expect(await run(['retrying']).finding).toMatchObject({
      status: 'problem',
      detail: 'dlv_1 is retrying',
    });
    expect(await run([notRecorded]).finding).toMatchObject({
      status: 'problem',
      detail: 'dlv_1 was not attempted within 60 s',
    });
  });

  it('ends with any other refusal, also one whose reason contains (404)', async () => {
    const refusal = new ApiRefusal(503, 'DynamoDB is not available (404)');

    await expect(run([refusal]).finding).rejects.toBe(refusal);
  });
});
