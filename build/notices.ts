import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const PROJECT = fileURLToPath(new URL('../', import.meta.url));

/** The folder of a package in the bundlers' paths, which are relative to the project. */
const PACKAGE_FOLDER = /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/;

const LICENSE_FILE = /^(licen[cs]e|notice|copying)/i;

const HEADER = `This package contains code of the following packages, under the following licenses.`;

/** License texts for packages without a license file. The text of Apache-2.0 is this package's own LICENSE. */
const STANDARD_TEXTS: Readonly<Record<string, string>> = {
  'Apache-2.0': 'Licensed under the Apache License, Version 2.0: see the file LICENSE of this package.',
  MIT: `Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated documentation
files (the "Software"), to deal in the Software without restriction, including without limitation the rights to use, copy,
modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit persons to whom the
Software is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the
Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE
WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR
COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE,
ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.`,
  // Requires no notice.
  'MIT-0': 'License: MIT-0.',
};

/** What the outputs of a bundler contain: the form of esbuild's metafile. Paths are relative to the project. */
export interface BundledCode {
  readonly outputs: {
    readonly [file: string]: {
      readonly inputs: { readonly [file: string]: { readonly bytesInOutput: number } };
    };
  };
}

interface ManifestOfPackage {
  readonly name: string;
  readonly version: string;
  readonly license?: string;
  readonly author?: string | { readonly name?: string };
}

/**
 * The licenses of all packages whose code is in the bundles. Throws when a package has no license text: its code must not
 * be distributed before a person has read its terms.
 */
export function thirdPartyNotices(bundles: readonly BundledCode[]): string {
  const folders = new Set(bundles.flatMap(foldersOf));
  const byText = new Map<string, string[]>();
  for (const folder of folders) {
    const { title, text } = noticeOf(path.join(PROJECT, folder));
    byText.set(text, [...(byText.get(text) ?? []), title]);
  }
  const notices = [...byText].map(([text, titles]) => `${titles.toSorted().join('\n')}\n\n${text}`);
  return `${[HEADER, ...notices.toSorted()].join(`\n\n${'-'.repeat(80)}\n\n`)}\n`;
}

/** The package folders of the inputs whose code is in an output. */
function foldersOf({ outputs }: BundledCode): string[] {
  return Object.values(outputs).flatMap(({ inputs }) =>
    Object.entries(inputs).flatMap(([file, { bytesInOutput }]) => {
      const folder = PACKAGE_FOLDER.exec(file)?.[0];
      return folder === undefined || bytesInOutput === 0 ? [] : [folder];
    }),
  );
}

function noticeOf(folder: string): { title: string; text: string } {
  const {
    name,
    version,
    license = 'no license',
    author,
  }: ManifestOfPackage = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
  const texts = readdirSync(folder)
    .filter((file) => LICENSE_FILE.test(file))
    .toSorted()
    .map((file) => readFileSync(path.join(folder, file), 'utf8').replaceAll('\r\n', '\n').trim());
  const title = `${name} ${version} (${license})`;
  if (texts.length > 0) return { title, text: texts.join('\n\n') };
  const standard = STANDARD_TEXTS[license];
  if (standard === undefined) {
    throw new Error(`${title} has no file of its license; read its terms before its code is distributed`);
  }
  const holder = typeof author === 'string' ? author : author?.name;
  return { title, text: `Copyright ${holder ?? `the authors of ${name}`}\n\n${standard}` };
}
