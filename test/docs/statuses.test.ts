import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { DELIVERY_STATUSES, isFinal } from '../../lambdas/shared/domain/delivery.ts';

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

it('docs/deliveries.md explains each status of a delivery', () => {
  const [, section = ''] = read('docs/deliveries.md').split('### Statuses\n');
  const [table = ''] = section.split('\n#');
  const rows = [...table.matchAll(/^\| `(\w+)` \|/gm)].map(([, status]) => status);

  expect(rows).toEqual(['queued', ...DELIVERY_STATUSES]);
});

it('docs/health.md says what each status counts', () => {
  const [, section = ''] = read('docs/health.md').split('## What counts\n');
  const [table = ''] = section.split('\n#');

  for (const status of DELIVERY_STATUSES) expect(table).toContain(status);
});

it('the guarantees in README.md name each final status', () => {
  const [, section = ''] = read('README.md').split('## Guarantees\n');
  const [guarantees = ''] = section.split('\n## ');

  for (const status of DELIVERY_STATUSES.filter(isFinal)) expect(guarantees).toContain(`\`${status}\``);
});
