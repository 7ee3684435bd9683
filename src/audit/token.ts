// Owns what the token says of itself: whose it is and what it may do.
import { z } from 'zod';
import type { Clock } from '../clock.ts';
import { AuditError } from '../errors.ts';
import type { CallOptions, HttpClient } from '../http/http-client.ts';

/** The scopes that this program has a use for, by what they are for; see the table of endpoints in the API's reference. */
export const SCOPES = {
  events: 'audit_events:read',
  users: 'users:read',
  messages: 'messages:create',
} as const;

export interface TokenInfo {
  /** What its owner called it. */
  readonly name?: string;
  /** As the API shows it, with its middle blotted out. */
  readonly masked?: string;
  readonly user_id: string;
  readonly scopes: readonly string[];
}

export interface TokenInfoReader {
  /** What the token says of itself, asked once in ten minutes; with `fresh`, now. Throws AuditError. */
  read(options?: CallOptions & { readonly fresh?: boolean }): Promise<TokenInfo>;
}

const tokenInfoBody = z.object({
  data: z.object({
    name: z.string().nullish(),
    token: z.string().nullish(),
    user_id: z.union([z.number(), z.string().min(1)]),
    scopes: z.array(z.string()).nullish(),
  }),
});

const KEPT_MS = 600_000;

/** Scopes of the token that nothing here needs: each is something that a thief would have besides. */
export function surplusScopes(scopes: readonly string[], sendsAlerts: boolean): string[] {
  const needed: readonly string[] = Object.values(SCOPES).filter((scope) => sendsAlerts || scope !== SCOPES.messages);
  return scopes.filter((scope) => !needed.includes(scope));
}

/** GET /oauth/token/info; needs no scope. */
export function createTokenInfo({ http, clock }: { http: HttpClient; clock: Pick<Clock, 'now'> }): TokenInfoReader {
  let known: { info: TokenInfo; untilMs: number } | undefined;
  return {
    async read(options) {
      if (options?.fresh !== true && known !== undefined && clock.now() < known.untilMs) return known.info;
      const { body, status, requestId } = await http.get('/oauth/token/info', {}, options);
      const parsed = tokenInfoBody.safeParse(body);
      if (!parsed.success) {
        throw new AuditError('bad_response', 'GET /oauth/token/info answered without the owner of the token', {
          status,
          ...(requestId === undefined ? {} : { requestId }),
        });
      }
      const { name, token, user_id, scopes } = parsed.data.data;
      const info: TokenInfo = {
        ...(name ? { name } : {}),
        ...(token ? { masked: maskAgain(token) } : {}),
        user_id: String(user_id),
        scopes: scopes ?? [],
      };
      known = { info, untilMs: clock.now() + KEPT_MS };
      return info;
    },
  };
}

/** The API masks tokens; were one ever to come whole, it must not go on from here. */
function maskAgain(token: string): string {
  return token.includes('*') ? token : `${token.slice(0, 4)}…${token.slice(-4)}`;
}
