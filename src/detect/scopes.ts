// Owns which scopes of tokens, bots and apps open a company's messages, people or log to whoever holds them.

const SENSITIVE: readonly RegExp[] = [
  /^audit_events:/,
  /^chat_exports:/,
  /^messages:read$/,
  /^search:messages$/,
  /^users:(create|update|delete|write)$/,
  /^bots:write$/,
];

/** The sensitive ones of `scopes`, each once, sorted. */
export function sensitiveScopes(scopes: readonly string[]): string[] {
  const found = scopes.filter((scope) => SENSITIVE.some((pattern) => pattern.test(scope)));
  return [...new Set(found)].toSorted();
}

/** A short list for a sentence: the first scope, and how many more there are. */
export function scopeList(scopes: readonly string[]): string {
  const more = scopes.length - 1;
  return more > 0 ? `${scopes[0] ?? ''} +${more}` : (scopes[0] ?? '');
}
