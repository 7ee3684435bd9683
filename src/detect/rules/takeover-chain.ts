// Owns W1: a suspicious login, and what the same account then did to stay or to take: the story in order.
import { flagIn, initiatorOf, listIn, textIn } from '../../audit/event-details.ts';
import { defineDetector, type DetectorContext, type SeenEvent, type Signal } from '../detector.ts';
import { familiarity } from '../familiarity.ts';
import { severityRank } from '../incident.ts';
import { roleChangeOf } from '../roles.ts';
import { RULE_CODES, type RuleId } from '../rule-ids.ts';
import { createTakeoverStories, type Step } from '../takeover-story.ts';

const DAY_MS = 86_400_000;

/** Ways in. L7 counts from medium up: its low findings are a ranking, not a suspicion. */
const ENTRIES: ReadonlySet<string> = new Set(['L2', 'L5', 'L6', 'L7', 'L8', 'L9', 'L11']);

/** What other rules see that belongs to such a story. The rest is told by the events themselves. */
const STEP_OF_RULE: Partial<Record<RuleId, Step>> = {
  api_harvesting: 'search',
  decrypt_anomaly: 'decrypt',
  audit_log_stranger: 'audit_log',
  integration_trust_change: 'integration',
  destruction_burst: 'destruction',
  mass_self_join: 'mass_join',
};

/** Attributes by which a person is known or gets back in. */
const IDENTITY = /mail|phone|password|2fa|two_factor|otp|login|nickname/i;

function stepOf(seen: SeenEvent): Step | undefined {
  const { event, key } = seen;
  if (key === 'access_token_created' || key === 'access_token_updated') return 'token';
  if (key === 'user_role_changed') return roleChangeOf(seen)?.rises === true ? 'role' : undefined;
  if (key === 'chat_permission_changed') return flagIn(event, 'public_access') === true ? 'public_chat' : undefined;
  if (key === 'oauth_authorization_granted') return 'oauth';
  if (key !== 'user_updated' || textIn(event, 'context') === 'sso_login') return undefined;
  return listIn(event, 'changed_attrs').some((name) => IDENTITY.test(name)) ? 'identity' : undefined;
}

function isEntry({ rule, severity }: Signal): boolean {
  const code = RULE_CODES[rule];
  return ENTRIES.has(code) && (code !== 'L7' || severityRank(severity) > 0);
}

/** Events of each actor in `signal`, oldest first. */
function byActor(signal: Signal): Map<string, SeenEvent[]> {
  const groups = new Map<string, SeenEvent[]>();
  for (const seen of signal.events) {
    if (seen.actorId === undefined || seen.trial) continue;
    const group = groups.get(seen.actorId);
    if (group === undefined) groups.set(seen.actorId, [seen]);
    else group.push(seen);
  }
  return groups;
}

function createChain(chainMs: number, { baseline, emit, leaveOut }: DetectorContext) {
  const stories = createTakeoverStories(chainMs);
  const tell = (chain: Signal | undefined): void => {
    if (chain !== undefined) emit(chain);
  };
  return {
    act(actorId: string, step: Step, at: SeenEvent): void {
      if (at.trial) return;
      // The owner at their own desk: whoever logged in elsewhere did not do this.
      if (familiarity(baseline, actorId, at) !== 'familiar') tell(stories.act(actorId, step, at));
      else if (stories.isEntered(actorId)) leaveOut('known_source', at);
    },
    enter(signal: Signal): void {
      for (const [actorId, events] of byActor(signal)) tell(stories.enter(actorId, signal.rule, events));
    },
  };
}

export const takeoverChain = defineDetector({
  rule: 'takeover_chain',
  code: 'W1',
  severity: 'critical',
  eventKeys: [
    'access_token_created',
    'access_token_updated',
    'user_role_changed',
    'chat_permission_changed',
    'user_updated',
    'oauth_authorization_granted',
  ],
  baseline: 'actor',
  techniques: ['T1078', 'T1098', 'T1213.005'],
  params: { chainMs: DAY_MS },
  logic: {
    en: 'A suspicious login (L2, L5, L6, L7 from medium, L8, L9, L11), and within {chainMs} the same actor makes a token, raises a role, opens a chat, changes what identifies a person, lets in an app, or sets off W7, W9, W11, W13, W15 or W16. Acts from a network and client that are both known for the person do not count.',
    ru: 'Подозрительный вход (L2, L5, L6, L7 от средней, L8, L9, L11), и в течение {chainMs} та же учётная запись создаёт токен, повышает роль, открывает чат, меняет то, по чему узнают человека, впускает приложение или вызывает W7, W9, W11, W13, W15 или W16. Действия из известных для человека сети и клиента не считаются.',
  },
  blindSpots: {
    en: 'Without the login rules there is no way in to start from. Reading of messages, the likeliest thing that a thief does, is not logged.',
    ru: 'Без правил входа не с чего начинать. Чтение сообщений, самое вероятное действие вора, в журнал не пишется.',
  },
  start({ chainMs }, context) {
    const chain = createChain(chainMs, context);
    return {
      observe(seen) {
        const step = stepOf(seen);
        const actorId = initiatorOf(seen.event);
        if (step !== undefined && actorId !== undefined) chain.act(actorId, step, seen);
      },
      onSignal(signal) {
        if (isEntry(signal)) return chain.enter(signal);
        const step = STEP_OF_RULE[signal.rule];
        const at = signal.events.at(-1);
        if (step === undefined || at?.actorId === undefined || severityRank(signal.severity) === 0) return;
        chain.act(at.actorId, step, at);
      },
    };
  },
});
