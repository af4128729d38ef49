import { readFileSync, writeFileSync } from 'node:fs';
import { HELP, readTask, type Task } from './arguments.ts';
import { compareWithClean } from './compare.ts';
import { DOCUMENTS } from './documents.ts';
import { formatComparison, summarise } from './format-comparison.ts';
import { replaceTables } from './replace-tables.ts';

try {
  console.log(run(readTask(process.argv.slice(2))));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}

/** Runs the task, and returns the text to print. */
function run(task: Task): string {
  switch (task.do) {
    case 'help':
      return HELP;
    case 'compare': {
      const comparison = compareWithClean(task.parameters);
      return task.json ? JSON.stringify(summarise(comparison), null, 2) : formatComparison(comparison);
    }
    case 'tables':
      return [...DOCUMENTS.values()].flatMap((create) => [...create(task.style).values()]).join('\n\n');
    case 'write': {
      for (const [path, create] of DOCUMENTS) {
        // The simulation takes minutes: read the document after it, so that no edit is lost.
        const tables = create('markdown');
        writeFileSync(path, replaceTables(readFileSync(path, 'utf8'), tables));
      }
      return `The tables in ${[...DOCUMENTS.keys()].join(' and ')} were replaced.`;
    }
  }
}
