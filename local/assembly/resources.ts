import type * as z from 'zod';
import { resolveIntrinsics, type Scope } from './intrinsics.ts';
import type { DeploymentContext, NamedResource, ResourceType } from './resource-type.ts';
import { findResourceType } from './resource-types/index.ts';
import { check, type ParsedTemplate, type TemplateResource } from './template.ts';

const DEFAULT_MAX_NAME_LENGTH = 128;

/** A resource with resolved references and checked properties. */
export interface Resource<Properties> {
  readonly logicalId: string;
  readonly name: string;
  readonly properties: Properties;
  /** The value of `Ref`. */
  readonly ref: string;
  attribute(name: string): string;
}

export interface Resources {
  /** All resources of one type, in the template's order. */
  all<Schema extends z.ZodType>(type: ResourceType<Schema>): Resource<z.output<Schema>>[];
  readonly outputs: Readonly<Record<string, string>>;
}

/** Names every resource, resolves every reference and checks every property. Throws on the first unknown one. */
export function resolveResources(template: ParsedTemplate, deployment: DeploymentContext): Resources {
  const named = new Map<string, { type: ResourceType; resource: NamedResource; source: TemplateResource }>();
  const find = (logicalId: string) => {
    const found = named.get(logicalId);
    if (found === undefined)
      throw new Error(`the template refers to "${logicalId}", which it does not contain`);
    return found;
  };
  const scope: Scope = {
    ref: (name) => {
      const pseudo = pseudoParameter(name, deployment);
      if (pseudo !== undefined) return pseudo;
      const { type, resource } = find(name);
      return type.ref(resource);
    },
    attribute: (logicalId, attribute) => {
      const { type, resource } = find(logicalId);
      const read = type.attributes[attribute];
      if (read === undefined)
        throw new Error(
          `the local cloud does not support the attribute "${attribute}" of ${type.type} (${logicalId})`,
        );
      return read(resource);
    },
  };
  for (const [logicalId, source] of template.resources) {
    const type = findResourceType(source.type);
    named.set(logicalId, {
      type,
      source,
      resource: nameResource(logicalId, source, type, scope, deployment),
    });
  }

  const readProperties = <Schema extends z.ZodType>(type: ResourceType<Schema>, logicalId: string) =>
    check(
      `resource ${logicalId} (${type.type})`,
      type.properties,
      resolveIntrinsics(find(logicalId).source.properties, scope),
    );
  for (const [logicalId, { type }] of named) readProperties(type, logicalId);

  return {
    all: (type) =>
      [...named]
        .filter(([, entry]) => entry.type === type)
        .map(([logicalId, { resource }]) => ({
          logicalId,
          name: resource.name,
          properties: readProperties(type, logicalId),
          ref: type.ref(resource),
          attribute: (name) => scope.attribute(logicalId, name),
        })),
    outputs: Object.fromEntries(
      Object.entries(template.outputs).map(([id, value]) => [id, String(resolveIntrinsics(value, scope))]),
    ),
  };
}

function nameResource(
  logicalId: string,
  source: TemplateResource,
  type: ResourceType,
  scope: Scope,
  deployment: DeploymentContext,
): NamedResource {
  const property = (name: string): string | undefined => {
    const value = resolveIntrinsics(source.properties[name], scope);
    return typeof value === 'string' ? value : undefined;
  };
  const generated = `${deployment.stackName}-${logicalId}`.slice(
    -(type.maxNameLength ?? DEFAULT_MAX_NAME_LENGTH),
  );
  return {
    logicalId,
    deployment,
    property,
    get name() {
      return (type.nameProperty === undefined ? undefined : property(type.nameProperty)) ?? generated;
    },
  };
}

function pseudoParameter(
  name: string,
  { accountId, region, stackName }: DeploymentContext,
): string | undefined {
  switch (name) {
    case 'AWS::AccountId':
      return accountId;
    case 'AWS::Partition':
      return 'aws';
    case 'AWS::Region':
      return region;
    case 'AWS::StackId':
      return `arn:aws:cloudformation:${region}:${accountId}:stack/${stackName}/local`;
    case 'AWS::StackName':
      return stackName;
    case 'AWS::URLSuffix':
      return 'amazonaws.com';
    default:
      return undefined;
  }
}
