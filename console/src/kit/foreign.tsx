import { splitForeign } from './foreign-text.ts';

/** A text that somebody else wrote: an answer of an endpoint, a URL, a description. It is shown as text only. */
export function Foreign({ text }: { text: string }) {
  return (
    <bdi dir="ltr" class="foreign">
      <ForeignParts text={text} />
    </bdi>
  );
}

/** The same as a block of at most 320 px, with its line breaks. `label` names it for screen readers. */
export function ForeignBlock({ text, label }: { text: string; label: string }) {
  return (
    // Not a region: a screen has many blocks, and often a section of the same name around them.
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by the keyboard.
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for controls.
    <div role="group" class="code-text" aria-label={label} tabIndex={0}>
      <pre>
        <bdi dir="ltr">
          <ForeignParts text={text} />
        </bdi>
      </pre>
    </div>
  );
}

function ForeignParts({ text }: { text: string }) {
  return (
    <>
      {splitForeign(text).map((part, index) =>
        'code' in part ? (
          <span key={index} class="escape">
            {part.code}
          </span>
        ) : (
          part.text
        ),
      )}
    </>
  );
}
