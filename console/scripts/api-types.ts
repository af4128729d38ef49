import openapiTS, { astToString, type OpenAPI3 } from 'openapi-typescript';
import { CALLS, PUBLIC_CALLS } from '../../lambdas/serve-api/calls/index.ts';
import { describeApi } from '../../lambdas/serve-api/open-api/document.ts';
import { createInputFields } from '../../lambdas/serve-api/schemas/input-fields.ts';
import { SYSTEM_EVENT_TYPES } from '../../lambdas/shared/domain/catalogue.ts';

const HEAD = '// Written by `npm run types -w console` from the OpenAPI document. Do not edit.\n\n';

/** The types of the API's calls. They do not depend on the catalogue, which each deployment chooses. */
export async function writeApiTypes(): Promise<string> {
  const fields = createInputFields({ checkUrl: (url) => ({ ok: true, url }), eventTypes: [] });
  const text = JSON.stringify(
    describeApi({ calls: CALLS, publicCalls: PUBLIC_CALLS, fields, eventTypes: [] }),
    (_, value) => withoutEventTypes(value),
  );
  const document: OpenAPI3 = JSON.parse(text);
  return HEAD + astToString(await openapiTS(document, { alphabetize: true }));
}

/** The values of an event type are those of a deployment's catalogue. */
function withoutEventTypes(value: unknown): unknown {
  const values: unknown = Object(value).enum;
  if (!Array.isArray(values) || !values.includes(SYSTEM_EVENT_TYPES[0])) return value;
  const { enum: _, ...schema } = Object(value);
  return { ...schema, type: 'string' };
}
