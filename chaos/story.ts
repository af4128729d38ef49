import type { Caller, Fact, FactOf, HappenedFault } from './history.ts';
import type { Played } from './play.ts';
import type { Scenario } from './scenario.ts';

/** What happened, line by line, for a person who looks for the cause. Nothing is decided by these texts. */
export function tellStory(scenario: Scenario, { history }: Played, violations: readonly string[]): string {
  const posts = history.facts.filter((fact) => fact.kind === 'posted');
  return [
    ...violations.map((violation) => `BROKEN: ${violation}`),
    '',
    `const scenario: Scenario = ${JSON.stringify(scenario)};`,
    '',
    ...history.facts.flatMap((fact) => {
      const line = lineOf(fact, posts);
      return line === undefined ? [] : [`${formatTime(fact.at - history.startedAt).padStart(14)}  ${line}`];
    }),
  ].join('\n');
}

/** The trace of a run: the same scenario gives the same, from the source and from the bundles. */
export function traceOf({ history, finalState }: Played): string {
  return JSON.stringify({ facts: history.facts, finalState });
}

function lineOf(fact: Fact, posts: readonly FactOf<'posted'>[]): string | undefined {
  switch (fact.kind) {
    case 'called':
      return `${fact.caller.name} calls ${fact.service} ${fact.action}`;
    case 'fault':
      return `FAULT: ${describeFault(fact.fault, fact.caller)}`;
    case 'received':
      return `${fact.caller.name} receives ${fact.messages}`;
    case 'posted':
      return `${fact.caller?.name ?? 'a sender'} POSTs ${describePost(fact)} to ${fact.url}`;
    case 'answered': {
      const post = posts.find((one) => one.post === fact.post);
      return post && `${post.url} answers ${describePost(post)}: ${post.answer}`;
    }
    case 'run_ended':
      return fact.end.kind === 'failed'
        ? `${fact.caller.name} fails: ${fact.end.type}: ${fact.end.message}`
        : undefined;
    case 'logged':
      return `${fact.by} logs: ${fact.text} ${JSON.stringify(fact.fields)}`;
    case 'event_accepted':
      return `the bus takes ${JSON.stringify(fact.event)}`;
    case 'acted':
      return `${fact.action} webhook ${fact.webhook} (${fact.webhookId}): ${fact.status ?? 'no answer'} ${fact.detail ?? ''}`;
    case 'redriven':
      return `the operator redrives ${fact.deliveryId} to ${fact.to}`;
    case 'problem':
      return `${fact.isAlarming ? 'PROBLEM: ' : ''}${fact.text}`;
    case 'webhook_written':
      return fact.by === 'operator' ? undefined : `webhook ${fact.webhookId} becomes ${describeItem(fact)}`;
    case 'record_written':
      return `the record of ${fact.deliveryId} becomes ${String(fact.item?.status)}`;
    default:
      return undefined;
  }
}

/** A fault in words, as a violation names it, too. */
export function describeFault(fault: HappenedFault, caller?: Caller): string {
  const who = caller?.name ?? 'an environment';
  switch (fault.kind) {
    case 'call':
      return `${fault.effect} at ${caller === undefined ? '' : `${who}'s `}${fault.service} ${fault.action}`;
    case 'killed':
      return `${who} dies (${fault.at})`;
    default:
      return caller === undefined ? fault.kind : `${who}: ${fault.kind}`;
  }
}

function describePost({ headers }: FactOf<'posted'>): string {
  return `${headers['webhook-id']}, attempt ${headers['X-Webhook-Attempt']} of ${headers['X-Webhook-Delivery']}`;
}

function describeItem({ item }: FactOf<'webhook_written'>): string {
  if (item === undefined) return 'deleted';
  const { status, url, pending_url: pendingUrl, verification } = item;
  return JSON.stringify({ status, url, pendingUrl, verification });
}

function formatTime(milliseconds: number): string {
  return `+${(milliseconds / 1_000).toFixed(3)} s`;
}
