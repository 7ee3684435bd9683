// Owns the types between the engine and its rules: what a rule sees, what it says, and what a finding is.
import type { AuditEvent } from '../audit/event.ts';
import type { EventKey } from '../audit/event-keys.ts';
import type { Networks } from '../text/networks.ts';
import type { Client } from '../text/user-agent.ts';
import type { OutcomeListener } from './outcomes.ts';
import type { RuleId } from './rule-ids.ts';
import type { Way } from './ways.ts';
import type { Lang, Text } from '../text/lang.ts';

export const SEVERITIES = ['low', 'medium', 'high', 'critical'] as const;
export type Severity = (typeof SEVERITIES)[number];

/** Ids of techniques change their meaning between versions of ATT&CK, so the version goes with each. */
export const ATTACK_VERSION = 'v19';

/** An event with what every rule asks of it, worked out once. */
export interface SeenEvent extends Way {
  readonly id: string;
  readonly timeMs: number;
  /** `event_key`; may be one that we do not know. */
  readonly key: string;
  readonly actorId: string | undefined;
  /** The same as a number, counted from 0, for lists of what is remembered of each actor; -1 where there is none. */
  readonly actor: number;
  /** The address as logged; undefined for what the server did by itself or what is not an address. */
  readonly address: string | undefined;
  readonly networks: Networks | undefined;
  readonly client: Client | undefined;
  readonly event: AuditEvent;
  /** Inside the judged window. Rules judge all events alike (what is suspicious must not teach), so they rarely ask. */
  readonly judged: boolean;
  /** A what-if event: judged at its moment, but a rule must not keep it. Only the evaluation makes them. */
  readonly trial: boolean;
}

/** What an actor did from one source with one client within an hour: the unit of learning. */
export interface TrustedActivity extends Way {
  readonly actorId: string;
  readonly actor: number;
  readonly networks: Networks | undefined;
  readonly client: Client | undefined;
  readonly firstMs: number;
  readonly lastMs: number;
  readonly logins: number;
}

/** Answers to "was this known before?". `undefined` in, false out: what was not logged is not known. */
export interface Baseline {
  /** Trusted logins of the actor, ever. */
  logins(actorId: string): number;
  knowsHost(actorId: string, seen: SeenEvent): boolean;
  knowsNet(actorId: string, seen: SeenEvent): boolean;
  knowsClient(actorId: string, seen: SeenEvent): boolean;
  /** Whether any trusted activity of the actor came from a client made for people. */
  hasHumanClient(actorId: string): boolean;
  /** Whether the source was seen in the company at all. */
  tenantKnowsHost(seen: SeenEvent): boolean;
  /** Whether the source of the event is an office, a NAT or a VPN: learned, or named by the company. */
  isShared(seen: SeenEvent): boolean;
}

/** Numbers and names for the sentence in `why`. Strings are ids, addresses and known names; anything else is masked. */
export type Facts = Readonly<Record<string, string | number>>;

/** The words of one rule; see wording.ts. */
export interface RuleWording {
  readonly title: Text;
  /** One or two sentences; {name} stands for a fact. Counts are written so that no plural is needed. */
  readonly why: Text;
  /** Sentences that a rule may add, by name. */
  readonly extras?: Readonly<Record<string, Text>>;
  /** What else it might be. */
  readonly benign: Readonly<Record<Lang, readonly string[]>>;
}

/** What a rule says when it fires. It may say so again with every further event: the engine keeps one incident. */
export interface Signal {
  readonly rule: RuleId;
  readonly severity: Severity;
  /** What it is about, oldest first, at least one. Repeats are counted once. */
  readonly events: readonly SeenEvent[];
  /** Whom it is about; by default the actors of `events`. */
  readonly actorIds?: readonly string[];
  /** Fills the placeholders of the rule's `why`. */
  readonly facts: Facts;
  /** Names of extra sentences of the rule's wording. At most one is worth reading. */
  readonly extras?: readonly string[];
  readonly score?: number;
  /** How large it is beside other signals of the rule: by default the number of its events. */
  readonly size?: number;
  /** Takes back what this rule said of the source of the last event: it turned out to be low, and stays so. */
  readonly takesBack?: boolean;
  /** False where learning from these events does no harm (a first sign only). Default: medium and above must not teach. */
  readonly taints?: boolean;
}

/** Why something that looks like a rule raised no finding; counted, and said in the answer. */
export const LEFT_OUT_REASONS = [
  'learned_bot',
  'shared_address',
  'known_source',
  'short_history',
  'usual_amount',
  'routine',
  'self_cleaning',
  'out_of_order',
] as const;
export type LeftOutReason = (typeof LEFT_OUT_REASONS)[number];

/** What the engine gives a rule. */
export interface DetectorContext {
  /** What is known and trusted: never the judged event, nor the last 24 hours, nor what was itself suspicious. */
  readonly baseline: Baseline;
  /** From when on the run has seen every event of `key`: "never seen before" means nothing without it. */
  readonly historySinceMs: (key: EventKey) => number;
  /** False where the run sees the events of one actor: what is rare in the company is then not known. */
  readonly seesCompany: boolean;
  readonly emit: (signal: Signal) => void;
  readonly leaveOut: (reason: LeftOutReason, seen: SeenEvent) => void;
}

/**
 * One rule at work. Events come oldest first, each once. State is bounded by actors and sources, never by events.
 * `failed` and `succeeded` tell what came of second factors and logins: before `observe`, and late where they had to wait.
 */
export interface DetectorRun extends Partial<OutcomeListener> {
  observe?(seen: SeenEvent): void;
  /** A login from before the run, of an actor who has not logged in within it yet; an actor's oldest first. */
  recall?(seen: SeenEvent): void;
  /** Time has come to `nowMs`: called before the next event is observed, and at the end. For rules that wait. */
  advance?(nowMs: number): void;
  /** What has just become trusted, oldest first: for rules with a memory of their own. */
  learn?(activity: TrustedActivity): void;
  /** What the other rules said about the event that was just observed. For rules that tell a chain. */
  onSignal?(signal: Signal): void;
}

export type Params = Readonly<Record<string, number>>;

export interface DetectorDefinition<P extends Params> {
  readonly rule: RuleId;
  /** In the catalogue: L1, W3. */
  readonly code: string;
  readonly severity: Severity;
  /** What it must see to judge. Empty: every event. */
  readonly eventKeys: readonly EventKey[];
  /** Those of them that decide about the person who is their entity: what others did, missing among the person's own events. */
  readonly aboutKeys?: readonly EventKey[];
  /** Those of them that tell of a person whoever their actor is; few enough to be read of everybody, asked about one person. */
  readonly companyKeys?: readonly EventKey[];
  /** What it must have learned before it can judge. */
  readonly baseline: 'none' | 'actor' | 'tenant';
  /** ATT&CK techniques, ids of `ATTACK_VERSION`. */
  readonly techniques: readonly string[];
  /** Thresholds with their defaults; names carry the unit. */
  readonly params: P;
  /** The logic in one sentence; {name} stands for a parameter. */
  readonly logic: Text;
  /** What it cannot see or takes for an attack. */
  readonly blindSpots: Text;
  start(params: P, context: DetectorContext): DetectorRun;
}

export interface Detector extends Omit<DetectorDefinition<Params>, 'start'> {
  start(overrides: Params, context: DetectorContext): DetectorRun;
}

/** A rule, with its parameters closed over so that rules of different parameters fit one list. */
export function defineDetector<P extends Params>(definition: DetectorDefinition<P>): Detector {
  return {
    ...definition,
    start: (overrides, context) => definition.start({ ...definition.params, ...overrides }, context),
  };
}

/** One step a client may take next. */
export interface NextStep {
  tool: string;
  arguments: Record<string, unknown>;
}

/** A finding as the contract has it. */
export interface Finding {
  id: string;
  rule: RuleId;
  also: RuleId[];
  title: string;
  severity: Severity;
  score?: number;
  actor_ids: string[];
  ip_addresses: string[];
  first_at: string;
  last_at: string;
  event_count: number;
  evidence: { event_ids: string[]; query: Record<string, unknown> };
  why: string;
  benign: string[];
  attack: { technique: string; version: string }[];
  next: NextStep[];
}
