import { sentence } from '../texts/language.ts';
import type { ApiProblem } from './problem.ts';

/** The API's error for a field, or for an entry of it such as `events[1]` and `headers.Host`. Undefined: there is none. */
export function fieldError(problem: ApiProblem | undefined, field: string): string | undefined {
  const isOf = (path: string): boolean => path === field || /^[.[]/.test(path.slice(field.length));
  const errors = problem?.errors.filter(({ path }) => path.startsWith(field) && isOf(path)) ?? [];
  const texts = errors.map(({ path, message }) => {
    const entry = path.startsWith(`${field}.`) ? `${path.slice(field.length + 1)}: ` : '';
    return entry === '' ? sentence(message) : entry + sentence(message);
  });
  return texts.length === 0 ? undefined : texts.join(' ');
}
