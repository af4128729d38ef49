import { CopyButton } from './copy-button.tsx';
import { ForeignBlock } from './foreign.tsx';

/** Code or a body with a button that copies it exactly. `label` names it, such as "Request body". */
export function CodeBlock({ code, label, copyLabel }: { code: string; label: string; copyLabel?: string }) {
  return (
    <div class="code">
      <ForeignBlock text={code} label={label} />
      <CopyButton text={code} {...(copyLabel === undefined ? {} : { label: copyLabel })} />
    </div>
  );
}
