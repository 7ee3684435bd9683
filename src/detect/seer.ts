// Owns what every rule asks of an event, worked out once: its time, networks and client.
import type { AuditEvent } from '../audit/event.ts';
import type { TimeWindow } from '../audit/query.ts';
import { keepResults } from '../text/keep-results.ts';
import { networksOf, type Networks } from '../text/networks.ts';
import { clientOf, type Client } from '../text/user-agent.ts';
import type { SeenEvent } from './detector.ts';

/** Distinct texts that are kept parsed: parsing is the slowest step of an event, and equal texts come again and again. */
const MAX_CLIENTS = 4096;
const MAX_NETWORKS = 65_536;

export interface SeerOptions {
  readonly window: TimeWindow;
  readonly isTrial?: (event: AuditEvent) => boolean;
}

/** What a text was read as; numbered in the order of reading, and anew where it was forgotten meanwhile. */
interface Numbered<T> {
  readonly number: number;
  readonly text: string;
  readonly value: T;
}

type Reader<T> = (text: string | null | undefined) => Numbered<T> | undefined;

/** Of what has no value nothing is kept. */
function numbered<T>(most: number, parse: (text: string) => T | undefined): Reader<T> {
  let next = 0;
  const read = keepResults<Numbered<T> | undefined>(most, (text) => {
    const value = parse(text);
    return value === undefined ? undefined : { number: next++, text, value };
  });
  return (text) => (text === null || text === undefined ? undefined : read(text));
}

/**
 * What was read last and before that: people come from an office and a home, and to compare a text is faster than to look it up. The
 * texts stand beside what they were read as, which then need not be looked at to see that it is another.
 */
interface LastTwo<T> {
  text: string | null | undefined;
  last: Numbered<T> | undefined;
  otherText: string | null | undefined;
  other: Numbered<T> | undefined;
}

interface Actor {
  readonly number: number;
  readonly id: string;
  readonly sources: LastTwo<Networks>;
  readonly clients: LastTwo<Client>;
}

/** As `read`, which is not asked for either of the last two. */
function readAgain<T>(lastTwo: LastTwo<T>, text: string | null | undefined, read: Reader<T>): Numbered<T> | undefined {
  if (text === lastTwo.text) return lastTwo.last;
  const found = text === lastTwo.otherText ? lastTwo.other : read(text);
  lastTwo.otherText = lastTwo.text;
  lastTwo.other = lastTwo.last;
  lastTwo.text = text;
  lastTwo.last = found;
  return found;
}

/** Actors are never forgotten, as rules remember more of each. */
function createActorReader(): (id: string | null | undefined) => Actor | undefined {
  const actors = new Map<string, Actor>();
  return (id) => {
    if (id === null || id === undefined) return undefined;
    let actor = actors.get(id);
    if (actor === undefined) {
      const nothing = { text: undefined, last: undefined, otherText: undefined, other: undefined };
      actor = { number: actors.size, id, sources: { ...nothing }, clients: { ...nothing } };
      actors.set(id, actor);
    }
    return actor;
  };
}

/** Reads events into what rules see. */
export function createSeer(options: SeerOptions): (event: AuditEvent, timeMs: number) => SeenEvent {
  const clientFor = numbered(MAX_CLIENTS, clientOf);
  const sourceFor = numbered(MAX_NETWORKS, networksOf);
  // One string for each actor: all the maps of all the rules find it faster than its equal.
  const actorFor = createActorReader();
  return (event, timeMs) => {
    const actor = actorFor(event.actor_id);
    const { ip_address: address, user_agent: agent } = event;
    const source = actor === undefined ? sourceFor(address) : readAgain(actor.sources, address, sourceFor);
    const client = actor === undefined ? clientFor(agent) : readAgain(actor.clients, agent, clientFor);
    return {
      id: event.id,
      timeMs,
      key: event.event_key,
      actorId: actor?.id,
      actor: actor?.number ?? -1,
      address: source?.text,
      networks: source?.value,
      source: source?.number ?? -1,
      client: client?.value,
      device: client?.number ?? -1,
      event,
      judged: timeMs >= options.window.startMs && timeMs < options.window.endMs,
      trial: options.isTrial?.(event) ?? false,
    };
  };
}
