import { userInfo } from 'node:os';

/**
 * The user of this machine, as the operating system names it: a label, not a proof of identity. AWS CloudTrail has the
 * identity.
 */
export function operatorName(): string {
  try {
    return userInfo().username.replace(/\p{Cc}/gu, '?');
  } catch {
    // The user of a container may have no name.
    return 'unknown';
  }
}
