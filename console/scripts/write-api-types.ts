import { writeFile } from 'node:fs/promises';
import { writeApiTypes } from './api-types.ts';

await writeFile(new URL('../src/api/schema.d.ts', import.meta.url), await writeApiTypes());
