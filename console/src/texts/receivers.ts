/** The receivers to copy. */
export const RECEIVERS = {
  languages: 'Language',
  code: (language: string) => `Receiver in ${language}`,
  copyCode: (language: string) => `Copy the receiver in ${language}`,
  run: (file: string) =>
    `Save it as ${file}. It needs no package, and listens on port 3000 of this machine: your proxy with HTTPS passes requests on to it. Start it with the secret of the webhook:`,
  command: 'Command',
  copyCommand: 'Copy the command',
};
