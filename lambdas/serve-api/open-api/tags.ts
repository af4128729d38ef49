import { ROUTES } from '../routes.ts';

/** Descriptions of the calls, by the first segment of their paths. */
const DESCRIPTIONS: Readonly<Record<string, string>> = {
  webhooks: 'URLs that events are sent to.',
  activity: 'The results of the deliveries of several webhooks.',
  listeners: 'Programs of developers that poll for events.',
  events: 'Events that were published, and their deliveries.',
  recoveries: 'Jobs that send held and exhausted deliveries again.',
  sessions: 'Access for people in a browser, for a limited time.',
  session: 'The session of the request.',
  'event-types': 'What a webhook can subscribe to.',
  'openapi.json': 'This document.',
};

/** The tag of a call: the first segment of its path after the version. */
export function tagOf(path: string): string {
  return path.split('/')[2] ?? path;
}

/** The tags, in the order of the routes. */
export const TAGS = [...new Set(ROUTES.map(({ path }) => tagOf(path)))].map((name) => ({
  name,
  ...(DESCRIPTIONS[name] === undefined ? {} : { description: DESCRIPTIONS[name] }),
}));
