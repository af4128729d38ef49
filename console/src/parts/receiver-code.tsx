import go from '../../../examples/receivers/go/one-file/main.go?raw';
import node from '../../../examples/receivers/node/one-file.js?raw';
import python from '../../../examples/receivers/python/one_file.py?raw';
import { CodeBlock } from '../kit/code-block.tsx';
import { Tabs } from '../kit/tabs.tsx';
import { RECEIVERS } from '../texts/receivers.ts';

/** The tested programs of `examples/`, with the command that runs each. */
const LANGUAGES = [
  { id: 'node', label: 'Node', code: node, file: 'one-file.mjs', run: 'node' },
  { id: 'python', label: 'Python', code: python, file: 'one_file.py', run: 'python3' },
  { id: 'go', label: 'Go', code: go, file: 'main.go', run: 'go run' },
] as const;

/** A receiver in each language that passes the verification and checks signatures. It needs no package. */
export function ReceiverCode() {
  return (
    <Tabs
      label={RECEIVERS.languages}
      tabs={LANGUAGES.map(({ id, label, code, file, run }) => ({
        id,
        label,
        content: (
          <div class="stack wide">
            <CodeBlock code={code} label={RECEIVERS.code(label)} copyLabel={RECEIVERS.copyCode(label)} />
            <p class="secondary">{RECEIVERS.run(file)}</p>
            <CodeBlock
              code={`WEBHOOK_SECRET='whsec_…' ${run} ${file}`}
              label={RECEIVERS.command}
              copyLabel={RECEIVERS.copyCommand}
            />
          </div>
        ),
      }))}
    />
  );
}
