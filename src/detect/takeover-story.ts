// Owns the memory behind the takeover chain: ways in and acts of one actor within a day, and the story that they make.
import type { SeenEvent, Signal } from './detector.ts';
import type { RuleId } from './rule-ids.ts';

/** What a thief does once inside; each has its sentence in the wording. */
export type Step =
  | 'token'
  | 'role'
  | 'public_chat'
  | 'identity'
  | 'oauth'
  | 'search'
  | 'decrypt'
  | 'audit_log'
  | 'integration'
  | 'destruction'
  | 'mass_join';

/** The first of a kind tell when it began and the last when it ended; what lies between adds nothing to the story. */
const KEPT_OF_A_KIND = 3;

interface Entry {
  readonly kind: RuleId;
  /** Events of this actor in the signal; the last one is the way in. */
  readonly events: readonly SeenEvent[];
  readonly at: SeenEvent;
}

interface Act {
  readonly kind: Step;
  readonly at: SeenEvent;
}

interface Story {
  entries: readonly Entry[];
  acts: readonly Act[];
}

/** `items` and `item`, in order of time; of each kind the first ones and the newest. */
function withNext<T extends Entry | Act>(items: readonly T[], item: T): T[] {
  const sameKind = items.filter(({ kind }) => kind === item.kind);
  const displaced = sameKind.length >= KEPT_OF_A_KIND ? sameKind.at(-1) : undefined;
  return [...items.filter((other) => other !== displaced), item].toSorted((a, b) => a.at.timeMs - b.at.timeMs);
}

/** The first way in that was followed by acts within `spanMs`, and these acts; a way in may be one of them, but not the only one. */
function chainOf(story: Story, spanMs: number): { entry: Entry; acts: readonly Act[] } | undefined {
  for (const entry of story.entries) {
    const { id, timeMs } = entry.at;
    const acts = story.acts.filter(({ at }) => at.timeMs >= timeMs && at.timeMs <= timeMs + spanMs);
    if (acts.some(({ at }) => at.id !== id)) return { entry, acts };
  }
  return undefined;
}

function signalOf(actorId: string, entry: Entry, acts: readonly Act[]): Signal {
  const minutes = new Map<Step, number>();
  for (const { kind, at } of acts) {
    if (!minutes.has(kind)) minutes.set(kind, (at.timeMs - entry.at.timeMs) / 60_000);
  }
  return {
    rule: 'takeover_chain',
    severity: 'critical',
    events: [...entry.events, ...acts.map(({ at }) => at)].toSorted((a, b) => a.timeMs - b.timeMs),
    actorIds: [actorId],
    facts: {
      actor: actorId,
      entry: entry.kind,
      source: entry.at.networks?.host ?? 'unknown',
      ...Object.fromEntries([...minutes].map(([step, after]) => [`${step}_minutes`, after])),
    },
    // "After 0 min" would read like a mistake.
    extras: [...minutes].map(([step, after]) => (after < 1 ? `${step}_at_once` : step)),
  };
}

export interface TakeoverStories {
  /** Takes a way in; returns the chain that is now told. */
  enter(actorId: string, kind: RuleId, events: readonly SeenEvent[]): Signal | undefined;
  /** Takes an act; returns the chain that is now told. */
  act(actorId: string, kind: Step, at: SeenEvent): Signal | undefined;
  /** Whether a way in is known of the actor. */
  isEntered(actorId: string): boolean;
}

/**
 * Stories of all actors, each forgotten `spanMs` after its last event. A rule may report a way in only after the acts
 * that followed it (it waits for a success that does not come), so both are kept and either may complete a chain.
 */
export function createTakeoverStories(spanMs: number): TakeoverStories {
  const stories = new Map<string, Story>();
  let nextSweepMs = -Infinity;

  function fresh({ entries, acts }: Story, nowMs: number): Story {
    const isFresh = ({ at }: Entry | Act): boolean => at.timeMs >= nowMs - spanMs;
    return { entries: entries.filter(isFresh), acts: acts.filter(isFresh) };
  }

  function storyOf(actorId: string, nowMs: number): Story {
    if (nowMs >= nextSweepMs) {
      nextSweepMs = nowMs + spanMs;
      for (const [id, story] of stories) {
        const kept = fresh(story, nowMs);
        if (kept.entries.length + kept.acts.length === 0) stories.delete(id);
        else stories.set(id, kept);
      }
    }
    const story = fresh(stories.get(actorId) ?? { entries: [], acts: [] }, nowMs);
    stories.set(actorId, story);
    return story;
  }

  function told(actorId: string, story: Story): Signal | undefined {
    const chain = chainOf(story, spanMs);
    return chain && signalOf(actorId, chain.entry, chain.acts);
  }

  return {
    enter(actorId, kind, events) {
      const at = events.at(-1);
      if (at === undefined) return undefined;
      const story = storyOf(actorId, at.timeMs);
      story.entries = withNext(story.entries, { kind, events, at });
      return told(actorId, story);
    },
    act(actorId, kind, at) {
      const story = storyOf(actorId, at.timeMs);
      story.acts = withNext(story.acts, { kind, at });
      return told(actorId, story);
    },
    isEntered: (actorId) => (stories.get(actorId)?.entries.length ?? 0) > 0,
  };
}
