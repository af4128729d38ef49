import { globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** Documents about work on this repository. An app that installs the package has no use for them. */
const OF_THE_REPOSITORY = [
  'docs/architecture.md',
  'docs/chaos.md',
  'docs/faults.md',
  'docs/security-tests.md',
];

/** A link or a picture of Markdown: `[text](target)`, and its parts. */
const LINK = /(!?)\[([^\]]*)\]\(([^)\s]+)\)/g;
/** Pictures of the console in two themes, which are larger than the rest of the package, with the captions above them. */
const SCREENS = /^## Screens\n.*?(?=^## )/gms;

/**
 * Copies the documents of operators from `project` into `target`: all of `docs/` but those about the repository and the
 * decisions, the diagrams that they show, and the changelog. A link to a file that is not packed becomes plain text.
 */
export function packDocuments(project: string, target: string): void {
  const documents = ['CHANGELOG.md', ...globSync('docs/*.md', { cwd: project })].filter(
    (file) => !OF_THE_REPOSITORY.includes(file),
  );
  const texts = documents.map((file) => [file, readFileSync(path.join(project, file), 'utf8')] as const);
  const diagrams = new Set(
    texts.flatMap(([file, text]) =>
      [...text.matchAll(LINK)].flatMap(([, bang, , to = '']) =>
        bang === '!' && to.endsWith('.svg') ? [path.join(path.dirname(file), to)] : [],
      ),
    ),
  );
  // package/ has these, too.
  const packed = new Set([...documents, ...diagrams, 'README.md', 'LICENSE', 'event-types.json']);

  rmSync(path.join(target, 'docs'), { recursive: true, force: true });
  for (const [file, text] of texts) write(path.join(target, file), withoutForeignLinks(file, text, packed));
  for (const file of diagrams) write(path.join(target, file), readFileSync(path.join(project, file)));
}

function withoutForeignLinks(file: string, text: string, packed: ReadonlySet<string>): string {
  return text.replace(SCREENS, '').replace(LINK, (link, _, label: string, to: string) => {
    const [linked = ''] = to.split('#');
    const isKept =
      linked === '' || /^[a-z]+:/.test(linked) || packed.has(path.join(path.dirname(file), linked));
    return isKept ? link : label;
  });
}

function write(file: string, content: string | Buffer): void {
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, content);
}
