import { CloudFormationClient, GetTemplateCommand } from '@aws-sdk/client-cloudformation';
import { isJsonObject } from '../../lambdas/shared/domain/json-object.ts';
import type { ClientSettings } from '../shared/client-settings.ts';

/** Reads the template of the last deployment at the first call. The other calls share its result. */
export function createTemplateReader(stack: string, clientSettings: ClientSettings): () => Promise<unknown> {
  let template: Promise<unknown> | undefined;
  return () => {
    template ??= readTemplate(stack, clientSettings);
    return template;
  };
}

async function readTemplate(stack: string, clientSettings: ClientSettings): Promise<unknown> {
  const cloudFormation = new CloudFormationClient(clientSettings);
  try {
    const { TemplateBody = '' } = await cloudFormation.send(new GetTemplateCommand({ StackName: stack }));
    return JSON.parse(TemplateBody);
  } finally {
    cloudFormation.destroy();
  }
}

/** The object of this name in an object; an empty one when there is none. */
export function objectIn(value: unknown, name: string): Readonly<Record<string, unknown>> {
  const inner = isJsonObject(value) ? value[name] : undefined;
  return isJsonObject(inner) ? inner : {};
}
