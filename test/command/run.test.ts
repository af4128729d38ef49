import { describe, expect, it } from 'vitest';
import { run } from '../../command/main.ts';
import { VERBS } from '../../command/verbs/index.ts';

/** Runs a command that ends before it looks for a stack. */
async function runCommand(...args: string[]) {
  const output = { out: '', error: '' };
  const code = await run(args, {
    out: (text) => {
      output.out += text;
    },
    error: (text) => {
      output.error += text;
    },
    isTerminal: false,
  });
  return { code, ...output };
}

describe('a mistake', () => {
  it.each([
    [['keyz'], `unknown command 'keyz'; Did you mean keys?; see "webhook-fanout --help"`],
    [['keys', 'lst'], `unknown command 'lst'; Did you mean list?; see "webhook-fanout keys --help"`],
    [
      ['redispatch', '--confrim'],
      `unknown option '--confrim'; Did you mean --confirm?; see "webhook-fanout redispatch --help"`,
    ],
    [['keys', 'create'], /^required option '--account <id>' not specified; see "webhook-fanout keys create/],
    [['keys', 'create', '--account', 'a b'], /must be 1-64 characters/],
    [['keys', 'create', '--account', 'a', '--name', 'two\nlines'], /^--name must be at most 100 characters/],
    [
      ['keys', 'create', '--account', 'webhook-fanout-canary'],
      /^the account webhook-fanout-canary is reserved/,
    ],
    [['keys', 'revoke', 'key_1', 'key_2'], /^too many arguments for 'revoke'. Expected 1 argument but got 2/],
    [['publish', 'shop.opened', '[1]'], /must be a JSON object/],
    [['publish', 'shop.opened', '{}', '--timeout', '5'], '--timeout needs --wait'],
    [['publish', 'shop.opened', '{}', '--wait', '--timeout', '0'], /whole number from 1 to 86400/],
    [['redispatch', '--limit', '0'], /whole number from 1 to 1000000/],
    [['deliveries', 'show', 'evt_1', '--webhook', 'wh_1'], /must be the id of a delivery/],
    [
      ['deliveries', 'list', '--webhook', 'wh_1', '--since', 'yesterday'],
      /a duration before now such as 30m/,
    ],
    [['recover'], '--webhook <id> is missing; or give --show or --stop with the id of a recovery'],
    [['recover', '--show', 'rcv_1', '--dry-run'], 'give either --show or --dry-run'],
    [['recover', '--show', 'rcv_1', '--stop', 'rcv_1'], 'give either --show or --stop'],
    [['recover', '--webhook', 'wh_1', '--since', '1h', '--dry-run', '--wait'], /^give either --dry-run or/],
    [
      ['recover', '--webhook', 'wh_1', '--since', '1h', '--status', 'lost'],
      /Allowed choices are exhausted, held/,
    ],
    [['doctor', '--account', 'acct_1'], '--account needs --webhook'],
    [['keys', 'list', '--port', '1', '--stack', 'S'], /^give either --stack or --port/],
    [['keys', 'list', '--profile', 'p'], /^--profile needs --stack/],
    [['keys', 'list', '--port', '1x'], /^--port must be a number from 0 to 65535, got "1x"/],
    [['completion', 'csh'], /Allowed choices are bash, zsh, fish/],
  ])('%j is explained in one line', async (args, message) => {
    const { code, out, error } = await runCommand(...args);

    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(error).toMatch(/^[^\n]+\n$/);
    expect(error.trim()).toMatch(message);
  });

  it('is one JSON object on standard error with --json', async () => {
    const { code, out, error } = await runCommand('redispatch', '--limit', 'x', '--json');

    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(JSON.parse(error)).toEqual({ error: expect.stringContaining("argument 'x' is invalid") });
  });
});

describe('a missing verb', () => {
  const groups = [
    ['', VERBS.map(({ name }) => name)],
    ['keys', ['create', 'list', 'revoke']],
    ['sessions', ['list', 'revoke']],
    ['deliveries', ['list', 'show']],
    ['redrive', ['exhausted', 'poison']],
    ['data-keys', ['current', 'rotate']],
    ['canary', ['start', 'stop', 'status']],
    ['erase', ['event', 'account']],
  ] as const;

  it.each(groups)(
    'of "webhook-fanout %s" is reported before an option, with the verbs',
    async (group, verbs) => {
      const path = `webhook-fanout ${group}`.trim();
      const error = `${path} needs a verb before its options: ${verbs.join(', ')}; see "${path} --help"`;
      const words = group === '' ? [] : [group];

      const forPeople = await runCommand(...words, '--stack', 'S');
      const forPrograms = await runCommand(...words, '--json');
      const tooEarly = await runCommand(...words, '--stack', 'S', verbs[0] ?? '');

      expect(forPeople).toEqual({ code: 1, out: '', error: `${error}\n` });
      expect(forPrograms).toEqual({ code: 1, out: '', error: `${JSON.stringify({ error })}\n` });
      expect(tooEarly).toEqual(forPeople);
    },
  );

  it('is reported by every verb that has verbs', async () => {
    const io = { answer: () => {}, warn: () => {}, progress: () => {} };
    const built = await Promise.all(VERBS.map(async ({ load }) => (await load()).build(io, VERBS)));

    expect(built.filter(({ commands }) => commands.length > 0).map((verb) => verb.name())).toEqual(
      groups.flatMap(([group]) => (group === '' ? [] : [group])),
    );
  });
});

describe('help', () => {
  it('of the command lists every verb', async () => {
    const { code, out } = await runCommand('--help');

    expect(code).toBe(0);
    for (const { name, summary } of VERBS) expect(out).toMatch(new RegExp(`^  ${name} .*${summary}$`, 'm'));
  });

  it.each(VERBS.map(({ name }) => name))('of %s describes it, and is the same by both ways', async (name) => {
    const byOption = await runCommand(name, '--help');
    const byVerb = await runCommand('help', name);

    expect(byOption).toMatchObject({
      code: 0,
      error: '',
      out: expect.stringContaining(`webhook-fanout ${name}`),
    });
    expect(byVerb.out).toBe(byOption.out);
  });

  it('is printed on standard error with status 1 when the verb is missing', async () => {
    for (const args of [[], ['keys'], ['redrive']]) {
      const { code, out, error } = await runCommand(...args);

      expect({ code, out }).toEqual({ code: 1, out: '' });
      expect(error).toContain('Usage: webhook-fanout');
    }
  });

  it.each([
    [['--json'], 'webhook-fanout --help'],
    [['keys', '--json'], 'webhook-fanout keys --help'],
  ])('is named by an error in JSON when the verb is missing: %j', async (args, help) => {
    const { code, out, error } = await runCommand(...args);

    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(JSON.parse(error)).toEqual({
      error: expect.stringContaining(`see "${help}"`),
    });
  });

  it('every command prints JSON on request', async () => {
    const { out } = await runCommand('completion', 'bash', '--json');

    const words: Record<string, string[]> = JSON.parse(out);
    const paths = Object.keys(words);
    const commands = paths.filter(
      (path) => path !== '' && !paths.some((other) => other.startsWith(`${path} `)),
    );
    expect(commands).toContain(' keys create');
    expect(commands.filter((path) => !words[path]?.includes('--json'))).toEqual([]);
  });
});
