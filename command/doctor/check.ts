import type { AccountId, WebhookId } from '../../lambdas/shared/domain/ids.ts';
import type { Timer } from '../../lambdas/shared/runtime/clock.ts';
import { explain } from '../shared/explain.ts';
import type { Target } from '../shared/target.ts';
import type { Io } from '../verb.ts';
import { createTemplateReader } from './read-template.ts';

export interface Finding {
  readonly status: 'ok' | 'problem' | 'not_checked';
  /** The finding, as one sentence. */
  readonly detail: string;
  /** How to correct it. For a problem only. */
  readonly advice?: string;
}

/** The input of every check. */
export interface CheckInput {
  readonly target: Target;
  /** The name or ARN of the stack. Undefined for the local cloud. */
  readonly stack: string | undefined;
  /** The template of the last deployment. It is read once, and only when a check needs it. */
  readonly template: () => Promise<unknown>;
  readonly io: Io;
  readonly clock: Timer;
  /** Where a test event is sent. Undefined: none is sent. */
  readonly test: { readonly accountId: AccountId; readonly webhookId: WebhookId } | undefined;
}

export interface Check {
  readonly name: string;
  /** Whether it calls services that the local cloud does not have. */
  readonly needsAws: boolean;
  readonly run: (input: CheckInput) => Promise<Finding>;
}

export interface Result extends Finding {
  readonly name: string;
}

export const ok = (detail: string): Finding => ({ status: 'ok', detail });
export const problem = (detail: string, advice: string): Finding => ({ status: 'problem', detail, advice });
export const notChecked = (detail: string): Finding => ({ status: 'not_checked', detail });

/** Runs the checks one after another. A check that throws does not stop the others. */
export async function runChecks(
  checks: readonly Check[],
  given: Omit<CheckInput, 'template'>,
): Promise<Result[]> {
  const input = { ...given, template: createTemplateReader(given.stack ?? '', given.target.clientSettings) };
  const results: Result[] = [];
  for (const check of checks) {
    input.io.progress(`checking ${check.name} …`);
    results.push({ name: check.name, ...(await runCheck(check, input)) });
  }
  return results;
}

async function runCheck(check: Check, input: CheckInput): Promise<Finding> {
  if (check.needsAws && input.target.kind === 'local') {
    return notChecked('not available on the local cloud');
  }
  try {
    return await check.run(input);
  } catch (error) {
    return notChecked(explain(error));
  }
}
