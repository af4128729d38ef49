/** Signing in, and what is shown without a session. */
export const SESSION = {
  starting: 'Signing in…',
  confirmTitle: 'Open your webhooks',
  confirm: 'This link signs you in once. Continue to use it.',
  continue: 'Continue',
  title: {
    first: 'Sign in',
    refused: 'This link does not sign you in',
    ended: 'Your session has ended',
    'signed-out': 'You are signed out',
  },
  text: {
    first: 'Open the link that your provider made for you, or sign in with an API key of your account.',
    ended: 'Sign in again to go on here. Nothing that you saved is lost.',
    'signed-out': 'The session has ended in all tabs.',
  },
  refused: {
    'code-used': 'The link was opened before, and it works once.',
    'code-expired': 'The link was not opened in time, or it was revoked.',
    'code-unknown': 'This service did not make this link, or made it more than a week ago.',
  } as Record<string, string>,
  newLink: 'Get a new link',
  noReturn: 'Ask whoever gave you the link for a new one.',
  orKey: 'Sign in with an API key',
  key: 'API key',
  keyHint: 'It begins with whk_. It is exchanged for a session of an hour and is not stored.',
  signIn: 'Sign in',
  keyRefused: 'This is not a valid API key of this service. Check that it is complete and was not revoked.',
};
