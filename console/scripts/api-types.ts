import openapiTS, { astToString, type OpenAPI3 } from 'openapi-typescript';
import { describeApi } from '../../lambdas/serve-api/open-api/document.ts';
import { createInputFields } from '../../lambdas/serve-api/schemas/input-fields.ts';

const HEAD = '// Written by `npm run types -w console` from the OpenAPI document. Do not edit.\n\n';

/** The types of the API's calls. They do not depend on the catalogue, which each deployment chooses. */
export async function writeApiTypes(): Promise<string> {
  const fields = createInputFields({ checkUrl: (url) => ({ ok: true, url }), eventTypes: [] });
  // The document is made of plain objects, and its type says no more.
  const document = describeApi(fields, []) as unknown as OpenAPI3;
  return HEAD + astToString(await openapiTS(document, { alphabetize: true }));
}
