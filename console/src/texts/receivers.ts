/** The receivers to copy. */
export const RECEIVERS = {
  languages: 'Language',
  code: (language: string) => `Receiver in ${language}`,
  copyCode: (language: string) => `Copy the receiver in ${language}`,
  run: 'It needs no package and listens on port 3000, behind your proxy with HTTPS. Replace the marked line by your code. Start it with the secret of the webhook:',
  command: (language: string) => `Command that starts the receiver in ${language}`,
  copyCommand: (language: string) => `Copy the command that starts the receiver in ${language}`,
};
