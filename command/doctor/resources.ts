import { CloudFormationClient, paginateListStackResources } from '@aws-sdk/client-cloudformation';
import type { ClientSettings } from '../shared/client-settings.ts';

/** The physical ids of a stack's resources of one type. */
export async function resourcesOf(
  stack: string,
  type: string,
  clientSettings: ClientSettings,
): Promise<string[]> {
  const client = new CloudFormationClient(clientSettings);
  const ids: string[] = [];
  try {
    for await (const { StackResourceSummaries = [] } of paginateListStackResources(
      { client },
      { StackName: stack },
    )) {
      for (const { ResourceType, PhysicalResourceId } of StackResourceSummaries) {
        if (ResourceType === type && PhysicalResourceId !== undefined) ids.push(PhysicalResourceId);
      }
    }
    return ids;
  } finally {
    client.destroy();
  }
}
