import { writeFileSync } from 'node:fs';
import { findProblems } from './security-index/index-document.ts';
import { INDEX_DOCUMENT, readSecurityIndex } from './security-index/repository.ts';

/** `npm run security-index`: writes docs/security-tests.md. Exits with 1 when a row and its tests do not match. */
const { rows, tests, text } = readSecurityIndex();
const { rowsWithoutTest, testsOfUnknownRows } = findProblems(rows, tests);
writeFileSync(INDEX_DOCUMENT, text);
console.log(`docs/security-tests.md: ${rows.length} rows, ${tests.length} tests`);
for (const id of rowsWithoutTest) console.error(`No test names the row ${id}.`);
for (const test of testsOfUnknownRows) console.error(`This row does not exist: ${test}`);
if (rowsWithoutTest.length + testsOfUnknownRows.length > 0) process.exitCode = 1;
