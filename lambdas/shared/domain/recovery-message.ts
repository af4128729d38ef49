import { type AccountId, parseAccountId, parseRecoveryId, type RecoveryId } from './ids.ts';
import { isJsonObject } from './json-object.ts';

const MESSAGE_VERSION = 1;

/** The content of a message of the recoveries queue. Everything else is in the recovery's item. */
export interface RecoveryMessage {
  readonly accountId: AccountId;
  readonly recoveryId: RecoveryId;
}

export function encodeRecoveryMessage({ accountId, recoveryId }: RecoveryMessage): string {
  return JSON.stringify({ v: MESSAGE_VERSION, account_id: accountId, recovery_id: recoveryId });
}

/**
 * Throws when the text names no account and recovery, and when it has another version: another deployment wrote it, and
 * it waits on its queue for one that reads it.
 */
export function decodeRecoveryMessage(text: string): RecoveryMessage {
  const json: unknown = JSON.parse(text);
  if (isJsonObject(json)) {
    if (json.v !== MESSAGE_VERSION) {
      throw new Error(`the message has version ${json.v}; this deployment reads version ${MESSAGE_VERSION}`);
    }
    const accountId = parseAccountId(json.account_id);
    const recoveryId = parseRecoveryId(json.recovery_id);
    if (accountId !== undefined && recoveryId !== undefined) return { accountId, recoveryId };
  }
  throw new Error('the message names no account and recovery');
}
