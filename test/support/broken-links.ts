import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** `](target)`: of links and of pictures. Also the address of a picture in HTML. */
const LINK = /\]\(([^)\s]+)\)|\bsrc(?:set)?="([^"]+)"/g;

/** The anchor that GitHub gives to a heading. */
function anchorsOf(file: string): string[] {
  return [...readFileSync(file, 'utf8').matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

/** The relative links of a document whose file or heading does not exist. They are relative to `folder`. */
export function brokenLinks(file: string, folder = dirname(file)): string[] {
  return [...readFileSync(file, 'utf8').matchAll(LINK)]
    .map(([, target, picture]) => target ?? picture ?? '')
    .filter((target) => isBroken(file, folder, target));
}

function isBroken(file: string, folder: string, target: string): boolean {
  if (/^[a-z]+:/.test(target)) return false;
  const [path = '', anchor] = target.split('#');
  const linked = path === '' ? file : join(folder, path);
  if (!existsSync(linked)) return true;
  return anchor !== undefined && !anchorsOf(linked).includes(anchor);
}
