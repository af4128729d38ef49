import type { CallDescription } from '../call-description.ts';

export const getOpenApi: CallDescription = {
  summary: 'Get this document',
  description: 'Needs no API key.',
  success: { status: 200, description: 'An OpenAPI 3.1 document.', output: 'any-object' },
  problems: [],
};
