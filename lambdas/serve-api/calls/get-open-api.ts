import type { Reply } from '../reply.ts';

/** The document changes only with a deployment. */
const MAX_AGE_SECONDS = 300;

/** Needs no API key, so that tools can read it. */
export function getOpenApi(document: string): Reply {
  return {
    status: 200,
    headers: { 'cache-control': `public, max-age=${MAX_AGE_SECONDS}` },
    body: document,
  };
}
