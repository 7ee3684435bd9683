// Owns what the resources about events hold: the table of keys and the schema of an event.
import { z } from 'zod';
import { auditEventSchema } from '../audit/event.ts';
import { EVENT_KEY_TABLE, EVENT_KEYS } from '../audit/event-keys.ts';

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

export function eventKeyTable() {
  return {
    event_keys: EVENT_KEYS.map((eventKey) => {
      const { group, en, ru, details } = EVENT_KEY_TABLE[eventKey];
      return { event_key: eventKey, group, en, ru, details: detailTypes(details) };
    }),
    note: 'The log may hold keys that are not in this list: they are listed, counted and exported like all others.',
  };
}

export function eventSchema() {
  return { title: 'Pachca audit event', ...z.toJSONSchema(auditEventSchema, { io: 'input' }) };
}
