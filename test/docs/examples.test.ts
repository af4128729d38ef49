import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const read = (file: string): string => readFileSync(file, 'utf8');

/** The code of the blocks of a language. */
function blocks(file: string, language: string): string[] {
  const pattern = new RegExp(`^ *\`\`\`${language}\\n(.*?)^ *\`\`\``, 'gms');
  return [...read(file).matchAll(pattern)].map(([, code = '']) => code);
}

describe('the code in the documents', () => {
  it.each([
    ['js', 'examples/producers/node/publish.js'],
    ['python', 'examples/producers/python/publish.py'],
    ['sh', 'examples/producers/aws-cli/publish.sh'],
  ])('docs/publishing.md has the tested producer: %s', (language, example) => {
    expect(blocks('docs/publishing.md', language)).toContain(read(example));
  });

  it('README.md has the lines of the tested receiver in Python', () => {
    const receiver = ['receiver.py', 'x_webhook_signature.py'].map((file) =>
      read(`examples/receivers/python/${file}`),
    );
    const known = new Set(receiver.flatMap((text) => text.split('\n')).map((line) => line.trim()));

    const lines = blocks('README.md', 'python')
      .flatMap((code) => code.split('\n'))
      .map((line) => line.replace(/ +#.*/, '').trim());

    expect(lines.length).toBeGreaterThan(3);
    expect(lines.filter((line) => !known.has(line))).toEqual([]);
  });

  it('the examples in Node name the versions that are tested', () => {
    const { dependencies, devDependencies } = JSON.parse(read('package.json'));
    const tested = { ...dependencies, ...devDependencies };
    const named = ['receivers', 'producers'].flatMap((kind) =>
      Object.entries(JSON.parse(read(`examples/${kind}/node/package.json`)).dependencies),
    );

    expect(named).toHaveLength(2);
    expect(named.filter(([name, version]) => tested[name] !== version)).toEqual([]);
  });
});
