/** A field of an event's `data`, as its JSON Schema describes it. */
export interface SchemaField {
  /** `pages`, or `owner.name` within an object, or `files[].name` within a list. */
  readonly name: string;
  readonly type: string;
  readonly isRequired: boolean;
  readonly description: string;
  /** What its value must satisfy, such as `minimum 1`. */
  readonly rules: readonly string[];
}

type Schema = Readonly<Record<string, unknown>>;

/** Deeper fields are in the schema alone. */
const MAX_DEPTH = 4;
/** Keywords that are shown with their value. */
const RULES = [
  'format',
  'pattern',
  'const',
  'minimum',
  'maximum',
  'minLength',
  'maxLength',
  'minItems',
  'maxItems',
];

/** The fields in the order of the schema, the parts of an object below it. References are not followed. */
export function fieldsOf(schema: Schema, prefix = '', depth = 1): SchemaField[] {
  const required = Array.isArray(schema.required) ? schema.required : [];
  return Object.entries(objectOf(schema.properties)).flatMap(([key, value]) => {
    const field = objectOf(value);
    const name = prefix + key;
    const items = objectOf(field.items);
    const below = depth >= MAX_DEPTH ? [] : fieldsOf(field, `${name}.`, depth + 1);
    const ofItems = depth >= MAX_DEPTH ? [] : fieldsOf(items, `${name}[].`, depth + 1);
    return [
      {
        name,
        type: typeOf(field),
        isRequired: required.includes(key),
        description: typeof field.description === 'string' ? field.description : '',
        rules: rulesOf(field),
      },
      ...below,
      ...ofItems,
    ];
  });
}

function typeOf(schema: Schema): string {
  const { type, items } = schema;
  if (type === 'array') {
    const ofItem = typeOf(objectOf(items));
    return ofItem === '' ? 'array' : `array of ${ofItem}`;
  }
  if (Array.isArray(type)) return type.join(' or ');
  return typeof type === 'string' ? type : '';
}

function rulesOf(schema: Schema): string[] {
  const rules = RULES.filter((keyword) => schema[keyword] !== undefined).map(
    (keyword) => `${keyword} ${textOf(schema[keyword])}`,
  );
  return Array.isArray(schema.enum) ? [schema.enum.map(textOf).join(' | '), ...rules] : rules;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function objectOf(value: unknown): Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Schema) : {};
}
