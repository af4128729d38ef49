import { describe, expect, it } from 'vitest';
import { fieldError } from '../../console/src/api/field-errors.ts';
import { ApiProblem } from '../../console/src/api/problem.ts';

const problem = (...errors: { path: string; message: string }[]) => new ApiProblem({ errors });

describe('the error of a field', () => {
  it('is every error of the field and of its entries, as sentences', () => {
    const refused = problem(
      { path: 'events[1]', message: '"x" matches no event type' },
      { path: 'events[2]', message: 'is too long' },
      { path: 'headers.Host', message: 'the name is reserved' },
      { path: 'url', message: 'is required' },
    );

    expect(fieldError(refused, 'events')).toBe('"x" matches no event type. Is too long.');
    expect(fieldError(refused, 'headers')).toBe('Host: The name is reserved.');
    expect(fieldError(refused, 'url')).toBe('Is required.');
  });

  it('is not that of a field whose name begins alike, and none without a problem', () => {
    expect(fieldError(problem({ path: 'secret_hint', message: 'no' }), 'secret')).toBeUndefined();
    expect(fieldError(undefined, 'url')).toBeUndefined();
  });
});
