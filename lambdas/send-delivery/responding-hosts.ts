import type { Clock } from '../shared/runtime/clock.ts';
import { createRecent } from '../shared/runtime/recent.ts';

/** Without a response from another host within this time, a failure may be one of our own network. */
export const RESPONSE_MEMORY_MS = 60_000;

/** The hosts that answered requests of this execution environment within the last minute. */
export interface RespondingHosts {
  /** A response, with any status, was received. */
  add(url: string): void;
  /** Whether another host than that of this URL answered. */
  hasOther(url: string): boolean;
}

export function createRespondingHosts(clock: Clock): RespondingHosts {
  // URLs are parsed only in the rare check: parsing takes longer than all other work of `add`, which every response
  // calls.
  const urls = createRecent<string>(clock, RESPONSE_MEMORY_MS);
  return {
    add: (url) => urls.add(url),
    hasOther(url) {
      const host = hostOf(url);
      return urls.all().some((other) => hostOf(other) !== host);
    },
  };
}

/** No request was sent to a URL that cannot be parsed. */
function hostOf(url: string): string {
  return URL.parse(url)?.hostname ?? '';
}
