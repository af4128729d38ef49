import { readFileSync, writeFileSync } from 'node:fs';
import { HELP, readTask, type Task } from './arguments.ts';
import { compareWithClean } from './compare.ts';
import { formatComparison, summarise } from './format-comparison.ts';
import { scaleTables } from './format-scale.ts';
import { replaceTables } from './replace-tables.ts';
import { createScaleTable } from './scale-table.ts';

try {
  console.log(run(readTask(process.argv.slice(2))));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}

/** Answers with what to print. */
function run(task: Task): string {
  switch (task.do) {
    case 'help':
      return HELP;
    case 'compare': {
      const comparison = compareWithClean(task.parameters);
      return task.json ? JSON.stringify(summarise(comparison), null, 2) : formatComparison(comparison);
    }
    case 'tables': {
      const rows = createScaleTable();
      if (task.writeTo === undefined) return [...scaleTables(rows, task.style).values()].join('\n\n');
      const document = readFileSync(task.writeTo, 'utf8');
      writeFileSync(task.writeTo, replaceTables(document, scaleTables(rows, 'markdown')));
      return `The tables in ${task.writeTo} are new.`;
    }
  }
}
