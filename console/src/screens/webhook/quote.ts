/** Of the answer that is quoted beside the cause. The delivery's own screen has all of it. */
const MAX_CHARACTERS = 160;
const NAMES_AN_ERROR = /(error|exception)\b\S* \S/i;

/** The first line that names an error, else the first one with a text. Of a page, its text without the elements. */
export function quoteOf(answer: string): string {
  const lines = answer.split('\n').map((line) => line.trim());
  const texts = lines.map((line) => line.replace(/<[^>]*>/g, ' ').trim()).filter((text) => text !== '');
  const quoted =
    texts.find((text) => NAMES_AN_ERROR.test(text)) ?? texts[0] ?? lines.find((line) => line !== '') ?? '';
  return quoted.length > MAX_CHARACTERS ? `${quoted.slice(0, MAX_CHARACTERS)}…` : quoted;
}
