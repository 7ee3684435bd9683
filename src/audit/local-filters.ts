// Owns whether one event answers a query's filters; the window and own reads are the reader's business.
import ipaddr from 'ipaddr.js';
import { detailIn } from './event-details.ts';
import { eventTimeMs, type AuditEvent } from './event.ts';
import type { AuditQuery, TimeOfDay } from './query.ts';
import { openZone } from './zone.ts';

export type EventFilter = (event: AuditEvent) => boolean;

function hoursFilter({ fromMinute, toMinute }: TimeOfDay, timeZone: string): EventFilter {
  const zone = openZone(timeZone);
  return (event) => {
    const minute = zone.minuteOfDay(eventTimeMs(event));
    if (fromMinute < toMinute) return minute >= fromMinute && minute < toMinute;
    return minute >= fromMinute || minute < toMinute;
  };
}

function addressFilter(text: string): EventFilter {
  const [network, bits] = plainRange(text);
  return ({ ip_address: address }) => {
    if (address === null || address === undefined || !isPlain(address) || !ipaddr.isValid(address)) return false;
    const parsed = ipaddr.process(address);
    return network.kind() === parsed.kind() && parsed.match([network, bits]);
  };
}

/** An address is a range of one. IPv4 written as IPv6 (`::ffff:10.0.0.0/104`) is the IPv4 range: addresses are read so, too. */
function plainRange(text: string): [ipaddr.IPv4 | ipaddr.IPv6, number] {
  const range = text.includes('/') ? text : `${text}/${ipaddr.IPv6.isValid(text) ? 128 : 32}`;
  const [network, bits] = ipaddr.parseCIDR(range);
  if (!(network instanceof ipaddr.IPv6) || !network.isIPv4MappedAddress() || bits < 96) return [network, bits];
  return [network.toIPv4Address(), bits - 96];
}

/** Whether `text` can be a filter by address: an address, or a range in CIDR form. */
export function isAddressOrRange(text: string): boolean {
  const [address = ''] = text.split('/');
  return isPlain(address) && (ipaddr.isValid(text) || ipaddr.isValidCIDR(text));
}

/** The library takes 192.168 for 192.0.0.168, and 010.1.2.3 for 8.1.2.3. */
function isPlain(address: string): boolean {
  return address.includes(':') || ipaddr.IPv4.isValidFourPartDecimal(address);
}

function isInChat(event: AuditEvent, chatId: string): boolean {
  if (event.entity_type === 'Chat' && event.entity_id === chatId) return true;
  const inDetails = detailIn(event, 'chat_id');
  return (typeof inDetails === 'number' || typeof inDetails === 'string') && String(inDetails) === chatId;
}

/** Tells of one event after the other whether it would be read for `query`: the API's own filters, and hours, which are read alone. */
export function readFilter(query: AuditQuery): EventFilter {
  const { eventKeys, actorId, actorType, entityId, entityType, timeOfDay, timeZone } = query;
  const isInHours = timeOfDay === undefined ? undefined : hoursFilter(timeOfDay, timeZone);
  return (event) =>
    (eventKeys === undefined || eventKeys.includes(event.event_key)) &&
    (actorId === undefined || event.actor_id === actorId) &&
    (actorType === undefined || event.actor_type === actorType) &&
    (entityId === undefined || event.entity_id === entityId) &&
    (entityType === undefined || event.entity_type === entityType) &&
    (isInHours === undefined || isInHours(event));
}

/** Tells of one event after the other whether it passes what only we filter by: what was read to answer that is "scanned". */
export function localFilter({ chatId, ipAddress }: Pick<AuditQuery, 'chatId' | 'ipAddress'>): EventFilter {
  const isInRange = ipAddress === undefined ? undefined : addressFilter(ipAddress);
  return (event) => (chatId === undefined || isInChat(event, chatId)) && (isInRange === undefined || isInRange(event));
}

/** Whether one event passes every filter of `query`. */
export function matchesQuery(event: AuditEvent, query: AuditQuery): boolean {
  return readFilter(query)(event) && localFilter(query)(event);
}
