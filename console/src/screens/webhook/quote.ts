/** The longest quotation of an answer beside the cause. The delivery's own screen shows the whole answer. */
const MAX_CHARACTERS = 160;
const NAMES_AN_ERROR = /(error|exception)\b\S* \S/i;
/** Such as "500 Internal Server Error": the status of the attempt is already shown. */
const IS_STATUS = /^(error:? )?\d{3}\b[\w :–-]*$/i;
/** The name of a server at the end of an error page has fewer words. */
const HAS_FOUR_WORDS = /\S+(\s+\S+){3}/;
const INVISIBLE_ELEMENTS = /<(style|script)\b[\s\S]*?<\/\1>/gi;

/** The first line that names an error, else the first sentence, else the first text. An HTML page is quoted without its elements. */
export function quoteOf(answer: string): string {
  const lines = answer.split('\n').map((line) => line.trim());
  const texts = answer
    .replace(INVISIBLE_ELEMENTS, '')
    .split('\n')
    .map(textOf)
    .filter((text) => text !== '');
  const quoted =
    texts.find((text) => NAMES_AN_ERROR.test(text)) ??
    texts.find((text) => HAS_FOUR_WORDS.test(text) && !IS_STATUS.test(text)) ??
    texts[0] ??
    lines.find((line) => line !== '') ??
    '';
  return quoted.length > MAX_CHARACTERS ? `${quoted.slice(0, MAX_CHARACTERS)}…` : quoted;
}

function textOf(line: string): string {
  return line
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
}
