import * as z from 'zod';
import { RIGHTS } from '../../../shared/domain/session.ts';
import { timeSchema } from './time.ts';

export const sessionSchema = z.strictObject({
  id: z.string().meta({
    description: 'Of the session or the API key. It is no secret.',
    examples: ['ses_01kf0r7a0z4b8n2c6x9w3t5v'],
  }),
  kind: z
    .enum(['session', 'api_key'])
    .meta({ description: 'Whether a session or an API key authenticated the request.' }),
  account_id: z.string().meta({ examples: ['acct_1'] }),
  right: z.enum(RIGHTS).meta({
    description: '`read`: calls that change or send something are refused with 403; `write`: all calls.',
  }),
  actor: z.string().meta({
    description: 'Who acts, as the audit log names it: the person, or the name of the API key.',
    examples: ['ann@example.com'],
  }),
  expires_at: timeSchema.nullable().meta({ description: 'Null for an API key that does not expire.' }),
  return_url: z
    .string()
    .nullable()
    .meta({
      description: "The operator's page that makes another link, or null.",
      examples: ['https://app.example.com/webhooks'],
    }),
});

export type SessionView = z.output<typeof sessionSchema>;
