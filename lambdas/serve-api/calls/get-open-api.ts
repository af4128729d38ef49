import type { PublicCall } from '../call.ts';

/** The document changes only with a deployment. */
const MAX_AGE_SECONDS = 300;

export const getOpenApi: PublicCall = {
  handle: async (_, { openApiDocument }) => ({
    status: 200,
    headers: { 'cache-control': `public, max-age=${MAX_AGE_SECONDS}` },
    body: await openApiDocument(),
  }),
};
