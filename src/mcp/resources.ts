// Owns the table of resources that are the same in every session; a new one is one entry here.
export interface Resource {
  readonly uri: string;
  readonly name: string;
  readonly title: string;
  readonly description: string;
  /** What it holds, as a JSON object. Cleaned on its way out like every answer. */
  read(): Record<string, unknown> | Promise<Record<string, unknown>>;
}

const eventKeys: Resource = {
  uri: 'pachca-audit://event-keys',
  name: 'event-keys',
  title: 'Event keys',
  description: 'Every known event key: group, meaning in English and Russian, and what its details hold.',
  // What resources hold is loaded when somebody asks: no start needs it.
  read: async () => (await import('./resource-contents.ts')).eventKeyTable(),
};

const eventSchema: Resource = {
  uri: 'pachca-audit://schema/event',
  name: 'schema-event',
  title: 'Schema of an event',
  description: 'JSON Schema of one audit event, as answers in the detailed form and NDJSON exports hold it.',
  read: async () => (await import('./resource-contents.ts')).eventSchema(),
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
