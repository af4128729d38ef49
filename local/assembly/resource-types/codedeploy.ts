import * as z from 'zod';
import { resourceType } from '../resource-type.ts';

/** The local cloud deploys all code at once. */
export const codeDeployApplication = resourceType({
  type: 'AWS::CodeDeploy::Application',
  properties: z.looseObject({}),
  ref: ({ name }) => name,
  attributes: {},
});

export const codeDeployGroup = resourceType({
  type: 'AWS::CodeDeploy::DeploymentGroup',
  properties: z.looseObject({}),
  ref: ({ name }) => name,
  attributes: {},
});
