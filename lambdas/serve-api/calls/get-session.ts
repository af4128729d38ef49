import { defineCallWithoutInput } from '../call.ts';
import { toSessionView } from '../sessions/session-view.ts';

export const getSession = defineCallWithoutInput({
  async handle({ caller }) {
    return { status: 200, body: toSessionView(caller) };
  },
});
