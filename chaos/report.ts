import type { CallEffect } from '../local/faults/fault.ts';
import type { Caller, Fact, FactOf, HappenedFault } from './history.ts';
import type { RunResult } from './run-scenario.ts';
import type { Scenario } from './scenario.ts';

/** The violations, the scenario as code, and what happened, one line each. For people: no check reads these texts. */
export function formatReport(
  scenario: Scenario,
  { history }: RunResult,
  violations: readonly string[],
): string {
  const posts = history.facts.filter((fact) => fact.kind === 'posted');
  return [
    ...violations.map((violation) => `VIOLATION: ${violation}`),
    '',
    `const scenario: Scenario = ${JSON.stringify(scenario)};`,
    '',
    ...history.facts.flatMap((fact) => {
      const line = lineOf(fact, posts);
      return line === undefined ? [] : [`${formatTime(fact.at - history.startedAt).padStart(14)}  ${line}`];
    }),
  ].join('\n');
}

/** The complete history and final state as text, to compare two runs. */
export function traceOf({ history, finalState }: RunResult): string {
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
      return `the bus accepts ${JSON.stringify(fact.event)}`;
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

/** A fault in words. */
function describeFault(fault: HappenedFault, caller?: Caller): string {
  const who = caller?.name ?? 'an environment';
  switch (fault.kind) {
    case 'call':
      return `${describeEffect(fault.effect)} at ${caller === undefined ? '' : `${who}'s `}${fault.service} ${fault.action}`;
    case 'kill':
      return `${who} is killed`;
    case 'post':
      return `${who} is killed at a POST (${fault.effect})`;
    default:
      return caller === undefined ? fault.kind : `${who}: ${fault.kind}`;
  }
}

function describeEffect(effect: CallEffect): string {
  switch (effect.do) {
    case 'fail':
      return effect.afterMs === undefined ? 'fail' : `fail after ${effect.afterMs} ms`;
    case 'delay':
    case 'delay_answer':
      return `${effect.do} of ${effect.ms} ms`;
    default:
      return effect.do;
  }
}

function describePost({ headers }: FactOf<'posted'>): string {
  return `${headers['webhook-id']}, attempt ${headers['X-Webhook-Attempt']} of ${headers['X-Webhook-Delivery']}`;
}

function describeItem({ item }: FactOf<'webhook_written'>): string {
  if (item === undefined) return 'deleted';
  const { status, url, pending_url: pendingUrl, verification_id: verification } = item;
  const { exhausted_in_row: exhausted, failing_since: since, disabled_reason: reason } = item;
  return JSON.stringify({ status, url, pendingUrl, verification, exhausted, since, reason });
}

function formatTime(milliseconds: number): string {
  return `+${(milliseconds / 1_000).toFixed(3)} s`;
}
