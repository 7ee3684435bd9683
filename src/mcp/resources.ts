// Owns the table of resources that are the same in every session; a new one is one entry here.
import { z } from 'zod';
import { auditEventSchema } from '../audit/event.ts';
import { EVENT_KEY_TABLE, EVENT_KEYS } from '../audit/event-keys.ts';

export interface Resource {
  readonly uri: string;
  readonly name: string;
  readonly title: string;
  readonly description: string;
  /** What it holds, as a JSON object. Cleaned on its way out like every answer. */
  read(): Record<string, unknown> | Promise<Record<string, unknown>>;
}

/** `{ scopes: "string[]" }` of the details of one key: their names and types, without the grammar of a schema. */
function detailTypes(details: z.ZodObject): Record<string, string> {
  return Object.fromEntries(
    Object.entries(details.shape).map(([name, schema]) => [name, typeName(z.toJSONSchema(schema, { io: 'input' }))]),
  );
}

function typeName(schema: z.core.JSONSchema.JSONSchema): string {
  if (schema.anyOf !== undefined) {
    return schema.anyOf.map((one) => (typeof one === 'boolean' ? 'any' : typeName(one))).join(' | ');
  }
  if (schema.type === 'array') {
    const { items } = schema;
    return typeof items === 'object' && !Array.isArray(items) ? `${typeName(items)}[]` : 'any[]';
  }
  return [schema.type ?? 'any'].flat().join(' | ');
}

const eventKeys: Resource = {
  uri: 'pachca-audit://event-keys',
  name: 'event-keys',
  title: 'Event keys',
  description: 'Every known event key: group, meaning in English and Russian, and what its details hold.',
  read: () => ({
    event_keys: EVENT_KEYS.map((eventKey) => {
      const { group, en, ru, details } = EVENT_KEY_TABLE[eventKey];
      return { event_key: eventKey, group, en, ru, details: detailTypes(details) };
    }),
    note: 'The log may hold keys that are not in this list: they are listed, counted and exported like all others.',
  }),
};

const eventSchema: Resource = {
  uri: 'pachca-audit://schema/event',
  name: 'schema-event',
  title: 'Schema of an event',
  description: 'JSON Schema of one audit event, as answers in the detailed form and NDJSON exports hold it.',
  read: () => ({ title: 'Pachca audit event', ...z.toJSONSchema(auditEventSchema, { io: 'input' }) }),
};

const detections: Resource = {
  uri: 'pachca-audit://detections',
  name: 'detections',
  title: 'Detection rules',
  description:
    'Every rule: logic, thresholds, ATT&CK, severity, what looks the same and is harmless, what it cannot see.',
  read: async () => {
    // Loaded when somebody asks: all rules come with it, and no start needs them.
    const { describeRules } = await import('../detect/catalogue.ts');
    const russian = new Map(describeRules('ru').map((one) => [one.rule, one]));
    return {
      rules: describeRules('en').map((one) => ({
        ...one,
        ru: { title: russian.get(one.rule)?.title, logic: russian.get(one.rule)?.logic },
      })),
      note: 'A finding is a lead, not a verdict. severity is the usual one; logic says when it is another.',
    };
  },
};

export const RESOURCES: readonly Resource[] = [eventKeys, detections, eventSchema];
