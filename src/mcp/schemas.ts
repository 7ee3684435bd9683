// Owns the JSON Schemas that clients see: those of inputs whole, those of answers as an outline, since every session pays for them.
import { z } from 'zod';

export type JsonSchema = Record<string, unknown>;

/** Properties of the answer, and their own: what lies deeper is told by its type alone. */
const OUTLINE_DEPTH = 2;

/** JSON Schema of `schema`. Objects stay open (io 'input'): a field that the API adds tomorrow must not break a client today. */
function jsonSchemaOf(schema: z.ZodObject): JsonSchema {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, { io: 'input' });
  return rest;
}

export function inputSchemaOf(schema: z.ZodObject): JsonSchema {
  return jsonSchemaOf(schema);
}

/** Looser than the schema itself, never stricter: whatever fits that fits this. */
export function outputSchemaOf(schema: z.ZodObject): JsonSchema {
  return outline(jsonSchemaOf(schema), 0);
}

function isSchema(value: unknown): value is JsonSchema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function outline({ type, description, enum: values, properties, required, items }: JsonSchema, depth: number) {
  const entries = isSchema(properties) && depth < OUTLINE_DEPTH ? Object.entries(properties) : [];
  const inside = entries.flatMap(([name, one]) => (isSchema(one) ? [[name, outline(one, depth + 1)] as const] : []));
  const out: JsonSchema = { type };
  if (description !== undefined) out['description'] = description;
  if (values !== undefined) out['enum'] = values;
  if (inside.length > 0) out['properties'] = Object.fromEntries(inside);
  if (inside.length > 0 && depth === 0) out['required'] = required;
  if (isSchema(items)) out['items'] = outline(items, depth);
  return out;
}
