import type { VerbEntry } from '../verb.ts';

/**
 * Every verb, in the order of the help. To add one, write `<verb>.ts` with a function `build`, and add its line here. Help,
 * suggestions and completion read this list.
 */
export const VERBS: readonly VerbEntry[] = [
  {
    name: 'keys',
    summary: 'creates, lists and revokes API keys',
    load: () => import('./keys.ts'),
  },
  {
    name: 'console',
    summary: "serves the console on this machine, with the operators' screens",
    load: () => import('./console.ts'),
  },
  {
    name: 'portal',
    summary: 'prints a link that signs a customer in to the console',
    load: () => import('./portal.ts'),
  },
  {
    name: 'sessions',
    summary: 'lists and revokes sessions in the console',
    load: () => import('./sessions.ts'),
  },
  {
    name: 'publish',
    summary: 'publishes an event, and follows it',
    load: () => import('./publish.ts'),
  },
  {
    name: 'deliveries',
    summary: 'shows the delivery log of a webhook',
    load: () => import('./deliveries.ts'),
  },
  {
    name: 'resend',
    summary: 'sends a delivery again',
    load: () => import('./resend.ts'),
  },
  {
    name: 'recover',
    summary: 'repeats the held and exhausted deliveries of a period',
    load: () => import('./recover.ts'),
  },
  {
    name: 'redrive',
    summary: 'moves exhausted or poison messages back to their lanes',
    load: () => import('./redrive.ts'),
  },
  {
    name: 'redispatch',
    summary: 'puts undispatched events back on the events queue',
    load: () => import('./redispatch.ts'),
  },
  {
    name: 'listen',
    summary: 'forwards events to a URL on this machine',
    load: () => import('./listen.ts'),
  },
  {
    name: 'data-keys',
    summary: 'shows and rotates the key that seals secrets',
    load: () => import('./data-keys.ts'),
  },
  {
    name: 'canary',
    summary: "registers the deployment's own webhook",
    load: () => import('./canary.ts'),
  },
  {
    name: 'audit',
    summary: 'lists who changed what',
    load: () => import('./audit.ts'),
  },
  {
    name: 'erase',
    summary: 'removes the payloads of an event, or all data of an account',
    load: () => import('./erase.ts'),
  },
  {
    name: 'doctor',
    summary: 'checks the stack, and states how to correct its problems',
    load: () => import('./doctor.ts'),
  },
  {
    name: 'completion',
    summary: 'prints a script that completes verbs and options in a shell',
    load: () => import('./completion.ts'),
  },
];
