import * as z from 'zod';
import { arnOf, type NamedResource, resourceType } from '../resource-type.ts';

/** Nothing is published to a topic on this machine: an alarm's change is reported with the topic's name. */
export const topic = resourceType({
  type: 'AWS::SNS::Topic',
  nameProperty: 'TopicName',
  maxNameLength: 256,
  properties: z.looseObject({ TopicName: z.string().optional() }),
  ref: topicArn,
  attributes: { TopicArn: topicArn, TopicName: ({ name }) => name },
});

export const subscription = resourceType({
  type: 'AWS::SNS::Subscription',
  properties: z.looseObject({ TopicArn: z.string() }),
  ref: ({ name }) => name,
  attributes: {},
});

export const topicPolicy = resourceType({
  type: 'AWS::SNS::TopicPolicy',
  properties: z.looseObject({}),
  ref: ({ name }) => name,
  attributes: {},
});

function topicArn(resource: NamedResource): string {
  return arnOf('sns', resource, resource.name);
}
