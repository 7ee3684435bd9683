// Owns who is behind a token: user, scopes, plan; with well-known tokens that show each refusal to a person who tries them.
import type { FaultName } from './faults.ts';

export interface TokenEntry {
  token: string;
  name: string;
  /** Absent: the owner of the workspace. */
  userId?: number;
  scopes: readonly string[];
  /** The workspace is on another plan than the one that has the log. */
  wrongPlan?: boolean;
  revoked?: boolean;
  /** What goes wrong with every request of this token. */
  fault?: FaultName;
}

export const OWNER_SCOPES = [
  'audit_events:read',
  'users:read',
  'messages:create',
  'chats:read',
  'profile:read',
] as const;

/** The token that works, unless the caller of `startSimulator` brings one. */
export const DEMO_TOKEN = 'demo-owner-0000000000000000000000000000000000';

const without = (scope: string): string[] => OWNER_SCOPES.filter((owned) => owned !== scope);

/** Sentinels: see DIFFERENCES.md. `administratorId` is somebody who is not the owner. */
export function demoTokens(administratorId: number): TokenEntry[] {
  const scopes = OWNER_SCOPES;
  return [
    { token: DEMO_TOKEN, name: 'Security', scopes },
    { token: 'demo-no-scope', name: 'No audit scope', scopes: without('audit_events:read') },
    { token: 'demo-no-users', name: 'No users scope', scopes: without('users:read') },
    { token: 'demo-no-messages', name: 'No messages scope', scopes: without('messages:create') },
    { token: 'demo-not-owner', name: 'Administrator', scopes, userId: administratorId },
    { token: 'demo-wrong-plan', name: 'Other plan', scopes, wrongPlan: true },
    { token: 'demo-revoked', name: 'Revoked', scopes, revoked: true },
    { token: 'demo-rate-limited', name: 'Always limited', scopes, fault: 'rate_limited' },
    { token: 'demo-bad-gateway', name: 'Always broken', scopes, fault: 'bad_gateway' },
    { token: 'demo-unavailable', name: 'Always unavailable', scopes, fault: 'unavailable' },
    { token: 'demo-dropped', name: 'Always dropped', scopes, fault: 'dropped' },
    { token: 'demo-cut-body', name: 'Always cut', scopes, fault: 'cut_body' },
    { token: 'demo-slow', name: 'Always slow', scopes, fault: 'slow' },
    { token: 'demo-loop', name: 'Repeats its cursor', scopes, fault: 'repeated_cursor' },
    { token: 'demo-narrow', name: 'Every range is too large', scopes, fault: 'narrow_range' },
  ];
}

/** As `GET /oauth/token/info` shows a token: the first eight and the last four characters. */
export function maskToken(token: string): string {
  return `${token.slice(0, 8)}${'*'.repeat(Math.max(4, token.length - 12))}${token.slice(-4)}`;
}
