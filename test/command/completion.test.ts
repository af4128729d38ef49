import { execFileSync } from 'node:child_process';
import { beforeAll, describe, expect, it } from 'vitest';
import { run } from '../../command/main.ts';

let script = '';
beforeAll(async () => {
  await run(['completion', 'bash'], {
    out: (text) => {
      script += text;
    },
    error: () => undefined,
    isTerminal: false,
  });
});

/** What bash offers for the last of these words. */
function complete(...words: string[]): string[] {
  const call = `COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _webhook_fanout; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const args = ['--noprofile', '--norc', '-c', `${script}\n${call}`, 'bash', ...words];
  return execFileSync('bash', args, { encoding: 'utf8' })
    .split('\n')
    .filter((word) => word !== '');
}

describe('the completion script in bash', () => {
  it('completes a verb, the verb in it, and its options', () => {
    expect(complete('webhook-fanout', 'redi')).toEqual(['redispatch']);
    expect(complete('webhook-fanout', 'keys', 'rev')).toEqual(['revoke']);
    expect(complete('webhook-fanout', 'erase', 'event', 'acct_1', '--every')).toEqual(['--everywhere']);
  });

  it('offers nothing for a word that begins no verb', () => {
    expect(complete('webhook-fanout', 'xyz')).toEqual([]);
  });
});
