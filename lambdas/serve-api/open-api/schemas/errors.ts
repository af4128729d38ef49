import * as z from 'zod';

/** The body of every error response of this API. */
export const problemSchema = z
  .strictObject({
    type: z.string().meta({ description: 'Stable name of the problem, for programs.' }),
    title: z.string(),
    status: z.int(),
    detail: z.string().meta({ description: 'What happened and what to do, for people.' }),
    errors: z
      .array(
        z.strictObject({
          path: z
            .string()
            .meta({ description: '`url`, `events[1]`, the name of a header; empty for the whole body.' }),
          message: z.string(),
        }),
      )
      .optional()
      .meta({ description: 'All errors of the input.' }),
    return_url: z
      .string()
      .optional()
      .meta({ description: 'Of a link that was used or has expired: where a person gets another one.' }),
    request_id: z.string().meta({
      description:
        'The same as the header `X-Request-Id`. Tell it to the operator, who finds it in the logs.',
    }),
  })
  .meta({ description: 'Problem details, RFC 9457.' });

export const gatewayErrorSchema = z
  .object({ message: z.string() })
  .meta({ description: 'A response of the gateway, which did not call the service.' });
