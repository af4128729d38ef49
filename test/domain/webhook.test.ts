import { describe, expect, it } from 'vitest';
import { describeVerificationFailure } from '../../lambdas/shared/domain/webhook.ts';
import { webhookId } from '../support/builders.ts';

describe('the reason of a failed verification', () => {
  it.each([400, 401, 403, 422])(
    'names the secret as a possible cause for status %d, and the request to send next',
    (status) => {
      const reason = `the endpoint answered ${status}; 200 was expected`;

      const text = describeVerificationFailure(webhookId('wh_1'), reason, status);

      expect(text).toBe(
        `${reason}; if it verifies signatures, give it the secret of this webhook, then call POST /v1/webhooks/wh_1/verify`,
      );
    },
  );

  it.each([undefined, 200, 302, 404, 405, 410, 429, 500, 503])(
    'is only the reason for status %s',
    (status) => {
      expect(describeVerificationFailure(webhookId(), 'it failed', status)).toBe('it failed');
    },
  );
});
