import { mkdtemp } from 'node:fs/promises';
import { synthesize } from '../local/assembly/synthesize.ts';
import { measureCapacity, runLoad } from './support/isolation-run.ts';

const dir =
  process.env.ASM ??
  (await synthesize({
    outputDirectory: `${await mkdtemp('/tmp/iso-')}/cdk.out`,
    variables: { WEBHOOK_FANOUT_ALLOW_PRIVATE_ENDPOINTS: 'true' },
  }));
console.log(dir);
const base = {
  assemblyDirectory: dir,
  environments: Number(process.env.ENVS ?? 4),
  endpoints: 100,
  answerMs: Number(process.env.ANS ?? 200),
};
console.log('capacity', process.env.RATE ?? (await measureCapacity({ ...base, seconds: 12, seed: 1 })));
const rate = Number(process.env.RATE ?? 110);
const common = { ...base, eventsPerSecond: rate, warmUpSeconds: 8, seed: 2 };
const clean = await runLoad({ ...common, hanging: 0, settleSeconds: 0, measuredSeconds: 15 });
console.log(clean);
const hung = await runLoad({
  ...common,
  hanging: 5,
  settleSeconds: Number(process.env.SETTLE ?? 60),
  measuredSeconds: 15,
});
console.log({ ...hung, p99MsBySecond: hung.p99MsBySecond.join(' ') });
