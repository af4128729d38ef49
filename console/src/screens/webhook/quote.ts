/** Of the answer that is quoted beside the cause. The delivery's own screen has all of it. */
const MAX_CHARACTERS = 160;
const NAMES_AN_ERROR = /(error|exception)\b\S* \S/i;
/** Such as "500 Internal Server Error", which the status of the attempt says already. */
const IS_STATUS = /^(error:? )?\d{3}\b[\w :–-]*$/i;
/** Names of servers below an error page have fewer words. */
const SAYS_SOMETHING = /\S+(\s+\S+){3}/;
const UNSEEN = /<(style|script)\b[\s\S]*?<\/\1>/gi;

/** The first line that names an error, else the first sentence, else the first text. Of a page, its text without the elements. */
export function quoteOf(answer: string): string {
  const lines = answer.split('\n').map((line) => line.trim());
  const texts = answer
    .replace(UNSEEN, '')
    .split('\n')
    .map(textOf)
    .filter((text) => text !== '');
  const quoted =
    texts.find((text) => NAMES_AN_ERROR.test(text)) ??
    texts.find((text) => SAYS_SOMETHING.test(text) && !IS_STATUS.test(text)) ??
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
