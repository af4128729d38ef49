import fc from 'fast-check';

/** How many execution environments a function has at the most. */
export const environments = fc.constantFrom(20, 20, 2, 1);
