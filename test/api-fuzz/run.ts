import { parseArgs } from 'node:util';
import { fuzzApi } from './fuzz.ts';

/** Sends more requests than the test: `npm run api-fuzz -- --requests 100000 [--seed 1]`. */
const { values } = parseArgs({
  options: { requests: { type: 'string', default: '50000' }, seed: { type: 'string' } },
});
const startedAt = performance.now();
const { failure, answers, ...state } = await fuzzApi({
  requests: Number(values.requests),
  ...(values.seed === undefined ? {} : { seed: Number(values.seed) }),
});
const seconds = (performance.now() - startedAt) / 1_000;

for (const [outcome, count] of [...answers].sort()) process.stdout.write(`${outcome.padEnd(44)}${count}\n`);
process.stdout.write(`${JSON.stringify(state, null, 2)}\n${failure ?? 'no answer violated a rule'}\n`);
process.stdout.write(`${values.requests} requests in ${seconds.toFixed(1)} s\n`);
const isClean =
  state.isVictimUnchanged &&
  [
    state.unreadableItems,
    state.withVictimId,
    state.failuresLogged,
    state.secretsLogged,
    state.addedBuiltIns,
  ].every(({ length }) => length === 0);
process.exitCode = failure === undefined && isClean ? 0 : 1;
