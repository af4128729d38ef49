import { globSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { describe, expect, it } from 'vitest';

const FILES = globSync('docs/decisions/[0-9]*.md').toSorted();
const INDEX = readFileSync('docs/decisions/README.md', 'utf8');

const SECTIONS = ['Context', 'Decision', 'Consequences', 'Alternatives considered'];
const TITLE = /^# (?<number>\d+)\. (?<title>.+)$/m;
const STATUS = /^- Status: (?<status>(?:proposed|accepted|superseded by \[\d+\]).*)$/m;
const DATE = /^- Date: (?<date>\d{4}-\d{2}-\d{2})$/m;

describe.each(FILES)('%s', (file) => {
  const text = readFileSync(file, 'utf8');

  it('has a title, a status, a date and all sections', () => {
    expect(text).toMatch(TITLE);
    expect(text).toMatch(STATUS);
    expect(text).toMatch(DATE);
    const headings = [...text.matchAll(/^## (.+)$/gm)].map(([, heading]) => heading);
    expect(headings).toEqual(expect.arrayContaining(SECTIONS));
  });

  it('has the number of its file', () => {
    expect(Number(TITLE.exec(text)?.groups?.number)).toBe(Number(basename(file).slice(0, 4)));
  });

  it('is in the index, with its title, status and date', () => {
    const { number, title } = TITLE.exec(text)?.groups ?? {};
    const status = STATUS.exec(text)?.groups?.status;
    const date = DATE.exec(text)?.groups?.date;

    expect(INDEX).toContain(`| ${number} | [${title}](${basename(file)}) | ${status} | ${date} |`);
  });
});
