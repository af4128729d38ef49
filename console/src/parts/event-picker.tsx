import { useId, useState } from 'preact/hooks';
import { QueryProblem } from '../kit/error-panel.tsx';
import { Loading } from '../kit/loading.tsx';
import { EVENT_PICKER } from '../texts/event-picker.ts';
import { buildTree, coveredBy, matchedTypes, type TreeNode, toggle } from './event-tree.ts';
import { useEventTypes } from './use-event-types.ts';

/** A tree of at most this many types is open at first. */
const MAX_OPEN_TYPES = 24;

interface EventPickerProps {
  readonly chosen: readonly string[];
  readonly onChange: (chosen: string[]) => void;
  readonly error: string | undefined;
}

/** Types and groups of types as check boxes, when they are loaded. What a chosen group includes is checked, too. */
export function EventPicker(props: EventPickerProps) {
  const types = useEventTypes();
  return (
    <>
      <QueryProblem query={types} />
      {types.isLoading && <Loading rows={6} />}
      {types.data && <Tree {...props} names={types.data.data.map(({ name }) => name)} />}
    </>
  );
}

function Tree({ names, chosen, onChange, error }: EventPickerProps & { readonly names: readonly string[] }) {
  const errorId = useId();
  const matched = matchedTypes(names, chosen);
  return (
    <fieldset class="events" aria-describedby={error && errorId}>
      <legend>{EVENT_PICKER.label}</legend>
      <p class="secondary">{EVENT_PICKER.hint}</p>
      <ul class="tree">
        {buildTree(names).map((node) => (
          <Node
            key={node.pattern}
            node={node}
            chosen={chosen}
            isOpen={names.length <= MAX_OPEN_TYPES}
            onToggle={(pattern) => onChange(toggle(pattern, chosen))}
          />
        ))}
      </ul>
      <p role="status" class="secondary">
        {EVENT_PICKER.chosen(chosen, matched.length)}
      </p>
      {error && (
        <p class="field-error" id={errorId}>
          {error}
        </p>
      )}
    </fieldset>
  );
}

interface NodeProps {
  readonly node: TreeNode;
  readonly chosen: readonly string[];
  readonly isOpen: boolean;
  readonly onToggle: (pattern: string) => void;
}

function Node({ node, chosen, isOpen, onToggle }: NodeProps) {
  const { pattern, types, children } = node;
  const [isShown, show] = useState(isOpen || pattern === '*');
  const listId = useId();
  const wider = coveredBy(pattern, chosen);
  const isGroup = children.length > 0;
  return (
    <li>
      <div class="tree-row">
        {isGroup && (
          <button
            type="button"
            class="tree-toggle"
            aria-expanded={isShown}
            aria-controls={listId}
            aria-label={EVENT_PICKER.typesOf(pattern)}
            onClick={() => show(!isShown)}
          >
            <span aria-hidden="true">{isShown ? '▾' : '▸'}</span>
          </button>
        )}
        <label>
          <input
            type="checkbox"
            checked={wider !== undefined || chosen.includes(pattern)}
            disabled={wider !== undefined}
            onChange={() => onToggle(pattern)}
          />
          <span>
            <code>{pattern}</code>{' '}
            <span class="secondary">
              {wider === undefined
                ? isGroup && EVENT_PICKER.matches(pattern, types.length)
                : EVENT_PICKER.includedIn(wider)}
            </span>
          </span>
        </label>
      </div>
      {isGroup && (
        <ul id={listId} hidden={!isShown}>
          {children.map((child) => (
            <Node key={child.pattern} node={child} chosen={chosen} isOpen={isOpen} onToggle={onToggle} />
          ))}
        </ul>
      )}
    </li>
  );
}
