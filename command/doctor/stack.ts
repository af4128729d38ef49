import { type Check, notChecked, ok, problem } from './check.ts';

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/view-stack-events.html */
const STABLE = /^(CREATE|UPDATE|IMPORT)_COMPLETE$/;

export const deployment: Check = {
  name: 'deployment',
  needsAws: true,
  async run({ target }) {
    const status = target.deployment?.status ?? 'unknown';
    if (STABLE.test(status)) return ok(status);
    if (status.endsWith('_IN_PROGRESS')) return notChecked(`a deployment is in progress: ${status}`);
    return problem(
      `the last deployment did not succeed: ${status}`,
      'read the stack\'s events in CloudFormation, correct the cause, and run "npx cdk deploy"',
    );
  },
};
