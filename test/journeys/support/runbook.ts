import { readFileSync } from 'node:fs';

const RUNBOOK = readFileSync(new URL('../../../docs/runbook.md', import.meta.url), 'utf8');

/**
 * The commands of the article of an alarm, in their order, as arguments after `webhook-fanout`. A placeholder such as
 * `<reason>` is replaced by its value. Throws for an article without commands, and for a placeholder without a value.
 */
export function commandsOf(article: string, values: Readonly<Record<string, string>> = {}): string[][] {
  const [, text = ''] = RUNBOOK.split(new RegExp(`^### ${article}$`, 'm'));
  const [own = ''] = text.split(/^###? /m);
  const commands = [...own.matchAll(/`webhook-fanout\s+([^`]+)`/g)].map(([, words = '']) =>
    words.split(/\s+/).map((word) => replacePlaceholder(word, values)),
  );
  if (commands.length === 0) throw new Error(`the article ${article} of the runbook has no commands`);
  return commands;
}

function replacePlaceholder(word: string, values: Readonly<Record<string, string>>): string {
  const [, name] = /^<(.+)>$/.exec(word) ?? [];
  if (name === undefined) return word;
  const value = values[name];
  if (value === undefined) throw new Error(`the runbook names <${name}>, for which there is no value`);
  return value;
}
