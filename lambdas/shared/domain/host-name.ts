import { domainToASCII, domainToUnicode } from 'node:url';

/** https://www.rfc-editor.org/rfc/rfc1035#section-2.3.4 */
const MAX_NAME_LENGTH = 253;
const MAX_LABEL_LENGTH = 63;

/**
 * Letters, digits and hyphens are all that RFC 1123 allows. Underscores are accepted as well: real names have them
 * (Docker Compose services, names below a wildcard certificate), and DNS and TLS libraries accept them.
 */
const OTHER_CHARACTER = /[^a-z0-9_-]/u;

/** A label with this prefix is the Punycode form of an international one. */
const PUNYCODE_PREFIX = 'xn--';

/** Why no DNS host has this name, or undefined. `name` is in WHATWG's normal form: ASCII, lower case. */
export function whyNameInvalid(name: string): string | undefined {
  const reason =
    name.length > MAX_NAME_LENGTH
      ? `it has ${name.length} characters, at most ${MAX_NAME_LENGTH} are allowed`
      : firstReason(name.split('.'));
  return reason === undefined ? undefined : `"${name}" is not a valid host name: ${reason}`;
}

function firstReason(labels: readonly string[]): string | undefined {
  return labels.map(whyLabelInvalid).find((reason) => reason !== undefined);
}

function whyLabelInvalid(label: string): string | undefined {
  if (label === '') return 'two dots follow each other';
  if (label.length > MAX_LABEL_LENGTH) {
    return `a label has ${label.length} characters, at most ${MAX_LABEL_LENGTH} are allowed`;
  }
  const [character] = OTHER_CHARACTER.exec(label) ?? [];
  if (character !== undefined) return `it contains ${JSON.stringify(character)}`;
  if (label.startsWith('-') || label.endsWith('-')) return `"${label}" begins or ends with a hyphen`;
  if (label.startsWith(PUNYCODE_PREFIX) && !isPunycode(label)) return `"${label}" is not valid Punycode`;
  return undefined;
}

/**
 * WHATWG's parser keeps an ASCII label as it is, also when it does not decode, or decodes to text whose own form is
 * another label. Resolvers and people would read different names from it.
 */
function isPunycode(label: string): boolean {
  const unicode = domainToUnicode(label);
  return unicode !== label && domainToASCII(unicode) === label;
}
