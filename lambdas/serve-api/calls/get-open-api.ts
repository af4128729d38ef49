import type { PublicCall } from '../call.ts';

/** The document changes only with a deployment. */
const MAX_AGE_SECONDS = 300;

export const getOpenApi: PublicCall = {
  description: {
    summary: 'Get this document',
    description: 'Needs no API key.',
    success: { status: 200, description: 'An OpenAPI 3.1 document.', output: 'any-object' },
    problems: [],
  },
  handle: async (_, { openApiDocument }) => ({
    status: 200,
    headers: { 'cache-control': `public, max-age=${MAX_AGE_SECONDS}` },
    body: openApiDocument(),
  }),
};
