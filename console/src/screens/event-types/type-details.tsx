import type { components } from '../../api/schema.d.ts';
import { ActionButton } from '../../kit/button.tsx';
import { CodeBlock } from '../../kit/code-block.tsx';
import { ScreenHead, Section } from '../../kit/layout.tsx';
import { type Column, Table } from '../../kit/table.tsx';
import { Tabs } from '../../kit/tabs.tsx';
import { useAddress } from '../../shell/use-address.ts';
import { EVENT_TYPES } from '../../texts/event-types.ts';
import { fieldsOf, type SchemaField } from './schema-fields.ts';
import { SendTest } from './send-test.tsx';

type EventType = components['schemas']['EventTypeList']['data'][number];

const COLUMNS: readonly Column<SchemaField>[] = [
  { id: 'name', head: EVENT_TYPES.field, isHead: true, cell: ({ name }) => <code>{name}</code> },
  {
    id: 'type',
    head: EVENT_TYPES.valueType,
    cell: ({ type, isRequired, rules }) => (
      <>
        {type}, {isRequired ? EVENT_TYPES.required : EVENT_TYPES.optional}
        {rules.map((rule) => (
          <p key={rule} class="secondary">
            <code>{rule}</code>
          </p>
        ))}
      </>
    ),
  },
  { id: 'description', head: EVENT_TYPES.description, cell: ({ description }) => description },
];

const toText = (value: unknown): string => JSON.stringify(value, null, 2);

export function TypeDetails({ type: { name, description, schema, example } }: { type: EventType }) {
  const { withQuery } = useAddress();
  const fields = fieldsOf(schema);
  const subscribe = `/console/webhooks/new?events=${encodeURIComponent(name)}`;
  return (
    <>
      <ScreenHead
        title={name}
        crumbs={[{ href: withQuery({ type: undefined }), text: EVENT_TYPES.title }]}
        note={description}
        actions={<ActionButton href={subscribe}>{EVENT_TYPES.subscribe}</ActionButton>}
      />
      <Section title={EVENT_TYPES.test}>
        <SendTest eventType={name} />
      </Section>
      <Section title={EVENT_TYPES.fields}>
        {fields.length === 0 ? (
          <p>{EVENT_TYPES.noFields}</p>
        ) : (
          <Table caption={EVENT_TYPES.fields} columns={COLUMNS} rows={fields} keyOf={(field) => field.name} />
        )}
      </Section>
      <Section title={EVENT_TYPES.data}>
        <Tabs
          label={EVENT_TYPES.data}
          tabs={[
            {
              id: 'example',
              label: EVENT_TYPES.example,
              content: (
                <CodeBlock
                  code={toText(example)}
                  label={EVENT_TYPES.example}
                  copyLabel={EVENT_TYPES.copyExample}
                />
              ),
            },
            {
              id: 'schema',
              label: EVENT_TYPES.schema,
              content: (
                <CodeBlock
                  code={toText(schema)}
                  label={EVENT_TYPES.schema}
                  copyLabel={EVENT_TYPES.copySchema}
                />
              ),
            },
          ]}
        />
      </Section>
    </>
  );
}
