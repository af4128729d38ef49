import * as z from 'zod';
import { MAX_LIVE_SECRETS } from '../../limits.ts';
import { EXAMPLE_TIME } from '../../schemas/examples.ts';
import type { CallDescription } from '../call-description.ts';
import { secretShownOnce } from '../schemas/secret.ts';

const rotatedSecretSchema = z.strictObject({
  secret: secretShownOnce('The new secret. '),
  previous_expires_at: z
    .string()
    .nullable()
    .meta({
      format: 'date-time',
      description:
        'When the replaced secret stops signing: ISO 8601, UTC. Null when no other secret than the new one signs.',
      examples: [EXAMPLE_TIME],
    }),
});

export type RotatedSecret = z.output<typeof rotatedSecretSchema>;

export const rotateSecret: CallDescription = {
  summary: 'Rotate the signing secret',
  description:
    'From now on every request is signed with the new secret first. During the grace time the replaced secret signs, ' +
    'too: `webhook-signature` has one signature for each, and `X-Webhook-Signature-Previous` is the counterpart of ' +
    '`X-Webhook-Signature`. Retries of deliveries that are queued already are signed anew. Give the new secret to ' +
    `your endpoint within the grace time. At most ${MAX_LIVE_SECRETS} secrets sign at the same time; 409 when more ` +
    'would. A secret that cannot be decrypted any more is replaced without a grace time.',
  success: {
    status: 200,
    description: 'Rotated. Only this response contains the new secret.',
    output: { name: 'RotatedSecret', schema: rotatedSecretSchema },
  },
  problems: ['not-found', 'conflict', 'too-many-requests'],
};
