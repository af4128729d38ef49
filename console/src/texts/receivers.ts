/** The receivers to copy. */
export const RECEIVERS = {
  languages: 'Language',
  code: (language: string) => `Receiver in ${language}`,
  copyCode: (language: string) => `Copy the receiver in ${language}`,
  run: 'It needs no package, and listens on port 3000, behind your proxy with HTTPS. Start it with the secret of the webhook:',
  command: 'Command',
  copyCommand: 'Copy the command',
};
