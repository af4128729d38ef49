import { startConsole } from '../console/start.ts';
import { wholeNumber } from '../shared/options.ts';
import { findTarget } from '../shared/target.ts';
import { type Io, stackCommand } from '../verb.ts';

const EPILOGUE = `
The address contains a token that is valid until the command ends. Anyone who has it acts with your AWS credentials: do not share
it. The server listens on 127.0.0.1 only. Ctrl-C ends the command and revokes the API keys that it created for itself.`;

export function build(io: Io) {
  return stackCommand('console')
    .description(
      "Serves the console on this machine, for every account, with the operators' screens: accounts, queues and alarms. Prints its address.",
    )
    .option(
      '--listen <port>',
      'the port of the console on 127.0.0.1; default: a free one',
      wholeNumber(0, 65_535),
      0,
    )
    .option('--read-only', 'refuses everything that changes or sends something')
    .addHelpText('after', EPILOGUE)
    .action(async (options) => {
      const target = await findTarget(options, io);
      const ended = new Promise<void>((resolve) => {
        process.once('SIGINT', resolve).once('SIGTERM', resolve);
      });
      const console = await startConsole({
        target,
        stack: options.stack,
        port: options.listen,
        readOnly: options.readOnly === true,
        io,
      });
      io.answer(options, { json: { url: console.url }, text: console.url });
      io.progress('Ctrl-C ends the command.');
      await ended;
      await console.close();
    });
}
