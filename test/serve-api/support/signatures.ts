import { createHmac } from 'node:crypto';
import type { DeliveryMessage } from '../../../lambdas/shared/domain/delivery.ts';

/** Which of these secrets signed a message, in the order of `webhook-signature`. */
export function signersOf({ signed, eventId, body }: DeliveryMessage, secrets: readonly string[]): string[] {
  const text = `${eventId}.${Math.floor(signed.signedAt / 1_000)}.${body}`;
  return signed.standard.split(' ').map((signature) => {
    const signer = secrets.find((secret) => {
      const isStandard = secret.startsWith('whsec_');
      const key = isStandard ? Buffer.from(secret.slice('whsec_'.length), 'base64') : Buffer.from(secret);
      return signature === `v1,${createHmac('sha256', key).update(text).digest('base64')}`;
    });
    return signer ?? 'another secret';
  });
}
