import { findCanaryWebhooks, receiverIn } from '../canary/find-webhooks.ts';
import { type Check, notChecked, ok, problem } from './check.ts';

export const canary: Check = {
  name: 'canary',
  needsAws: false,
  async run({ target }) {
    const { CanaryUrl: url } = target.outputs;
    if (url === undefined) return notChecked('the deployment has no canary');
    const receiver = receiverIn(await findCanaryWebhooks(target), url);
    if (receiver !== undefined) return ok(`${receiver.id} receives its events`);
    return problem(
      "no webhook receives the canary's events: the alarm canary-silent is on",
      'run "canary start"',
    );
  },
};
