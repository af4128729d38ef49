import type { RateLimit, RateLimitResult, RateLimits } from '../shared/store/rate-limits.ts';

/** Remembers the limit that a request was counted by last, for the headers of a success and of a 429. */
export function followRateLimits(rateLimits: RateLimits): {
  readonly rateLimits: RateLimits;
  readonly headersOf: (status: number) => Readonly<Record<string, string>>;
} {
  let last: { readonly limit: RateLimit; readonly taken: RateLimitResult } | undefined;
  return {
    rateLimits: {
      async take(accountId, limit, now) {
        const taken = await rateLimits.take(accountId, limit, now);
        last = { limit, taken };
        return taken;
      },
    },
    headersOf: (status) =>
      last !== undefined && (status < 400 || status === 429) ? rateLimitHeaders(last.limit, last.taken) : {},
  };
}

/** Structured fields of https://datatracker.ietf.org/doc/html/draft-ietf-httpapi-ratelimit-headers-10. */
function rateLimitHeaders({ name, count, windowSeconds }: RateLimit, taken: RateLimitResult) {
  const [remaining, reset] = taken.ok ? [taken.remaining, taken.resetSeconds] : [0, taken.retryAfterSeconds];
  return {
    'ratelimit-policy': `"${name}";q=${count};w=${windowSeconds}`,
    ratelimit: `"${name}";r=${remaining};t=${reset}`,
  };
}
