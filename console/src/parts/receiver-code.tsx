import go from '../../../examples/receivers/go/one-file/main.go?raw';
import node from '../../../examples/receivers/node/one-file.js?raw';
import python from '../../../examples/receivers/python/one_file.py?raw';
import { CodeBlock } from '../kit/code-block.tsx';
import { Tabs } from '../kit/tabs.tsx';
import { RECEIVERS } from '../texts/receivers.ts';

/** The tested programs of `examples/`, with the command that runs each. */
const LANGUAGES = [
  { id: 'node', label: 'Node', code: node, command: 'node one-file.mjs' },
  { id: 'python', label: 'Python', code: python, command: 'python3 one_file.py' },
  { id: 'go', label: 'Go', code: go, command: 'go run main.go' },
] as const;

/** A receiver in each language that passes the verification and checks signatures. It needs no package. */
export function ReceiverCode() {
  return (
    <Tabs
      label={RECEIVERS.languages}
      tabs={LANGUAGES.map(({ id, label, code, command }) => ({
        id,
        label,
        content: (
          <div class="stack wide">
            <CodeBlock code={code} label={RECEIVERS.code(label)} copyLabel={RECEIVERS.copyCode(label)} />
            <p class="secondary">{RECEIVERS.run}</p>
            <CodeBlock
              code={`WEBHOOK_SECRET='whsec_…' ${command}`}
              label={RECEIVERS.command}
              copyLabel={RECEIVERS.copyCommand}
            />
          </div>
        ),
      }))}
    />
  );
}
