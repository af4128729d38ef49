import { createRandom } from '../../measurement/random.ts';

const WORDS =
  'account archive available created customer delivery document download duration export failed file format generation height image invoice language layout link name number order owner page preview processing project quality ready region request result section size slide status subject template text title token update upload user version video width'.split(
    ' ',
  );
const LONGEST_BYTES = 256 * 1024;

let text = '';

/**
 * ASCII text that compresses about as well as JSON does, to a little under half: words and hexadecimal numbers. The same
 * text at every call.
 */
export function payloadText(bytes: number): string {
  if (text === '') {
    const random = createRandom(1);
    const parts: string[] = [];
    for (let length = 0; length < LONGEST_BYTES; length += parts.at(-1)?.length ?? 0) {
      const word = WORDS[Math.floor(random() * WORDS.length)];
      parts.push(random() < 0.2 ? `${Math.floor(random() * 2 ** 32).toString(16)} ` : `${word} `);
    }
    text = parts.join('');
  }
  return text.slice(0, bytes);
}
