import * as z from 'zod';

/** Elements that the CDK adds to every template. They configure nothing of the stack. */
const BOOTSTRAP_PARAMETER = 'BootstrapVersion';
const BOOTSTRAP_RULE = 'CheckBootstrapVersion';
const METADATA_CONDITION = 'CDKMetadataAvailable';
const METADATA_TYPE = 'AWS::CDK::Metadata';

const Resource = z.strictObject({
  Type: z.string(),
  Properties: z.record(z.string(), z.unknown()).default({}),
  DependsOn: z.unknown().optional(),
  DeletionPolicy: z.unknown().optional(),
  UpdateReplacePolicy: z.unknown().optional(),
  UpdatePolicy: z.unknown().optional(),
  Metadata: z.unknown().optional(),
});

const Template = z.strictObject({
  AWSTemplateFormatVersion: z.unknown().optional(),
  Description: z.unknown().optional(),
  Metadata: z.unknown().optional(),
  Parameters: z.record(z.string(), z.unknown()).default({}),
  Rules: z.record(z.string(), z.unknown()).default({}),
  Conditions: z.record(z.string(), z.unknown()).default({}),
  Resources: z.record(z.string(), z.looseObject({ Type: z.string() })),
  Outputs: z
    .record(
      z.string(),
      z.strictObject({
        Value: z.unknown(),
        Description: z.unknown().optional(),
        Export: z.unknown().optional(),
      }),
    )
    .default({}),
});

export interface TemplateResource {
  readonly type: string;
  /** Intrinsics are not resolved. */
  readonly properties: Readonly<Record<string, unknown>>;
}

export interface ParsedTemplate {
  readonly resources: ReadonlyMap<string, TemplateResource>;
  /** Values by logical id. Intrinsics are not resolved. */
  readonly outputs: Readonly<Record<string, unknown>>;
}

/** Reads a template. Throws an error that names the first element that the local cloud would ignore. */
export function parseTemplate(json: unknown): ParsedTemplate {
  const template = check('the template', Template, json);
  refuseUnknown('parameter', template.Parameters, BOOTSTRAP_PARAMETER);
  refuseUnknown('rule', template.Rules, BOOTSTRAP_RULE);
  refuseUnknown('condition', template.Conditions, METADATA_CONDITION);

  const resources = new Map<string, TemplateResource>();
  for (const [logicalId, resource] of Object.entries(template.Resources)) {
    if (resource.Type === METADATA_TYPE) continue;
    const { Type, Properties } = check(`resource ${logicalId} (${resource.Type})`, Resource, resource);
    resources.set(logicalId, { type: Type, properties: Properties });
  }
  const outputs = Object.fromEntries(Object.entries(template.Outputs).map(([id, { Value }]) => [id, Value]));
  return { resources, outputs };
}

/** Parses a value. Throws an error that names the value and every unsupported field. */
export function check<Schema extends z.ZodType>(
  what: string,
  schema: Schema,
  value: unknown,
): z.output<Schema> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new Error(
    `the local cloud does not support ${what}; use supported fields, or add these to local/assembly:\n${z.prettifyError(parsed.error)}`,
  );
}

function refuseUnknown(kind: string, entries: Record<string, unknown>, known: string): void {
  for (const name of Object.keys(entries)) {
    if (name === known) continue;
    throw new Error(
      `the local cloud does not support the ${kind} "${name}"; it supports only the CDK's own "${known}"`,
    );
  }
}
