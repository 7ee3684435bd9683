// Owns whether one event answers a query's filters; the window and own reads are the reader's business.
import ipaddr from 'ipaddr.js';
import { eventTimeMs, type AuditEvent } from './event.ts';
import type { AuditQuery, TimeOfDay } from './query.ts';
import { openZone } from './zone.ts';

function isInHours({ fromMinute, toMinute }: TimeOfDay, minute: number): boolean {
  if (fromMinute < toMinute) return minute >= fromMinute && minute < toMinute;
  return minute >= fromMinute || minute < toMinute;
}

function isIn(range: string, address: string | null | undefined): boolean {
  if (address === null || address === undefined || !ipaddr.isValid(address)) return false;
  const parsed = ipaddr.process(address);
  if (!range.includes('/')) return ipaddr.isValid(range) && parsed.toString() === ipaddr.process(range).toString();
  const [network, bits] = plainRange(range);
  return network.kind() === parsed.kind() && parsed.match([network, bits]);
}

/** IPv4 written as IPv6 (`::ffff:10.0.0.0/104`) is the IPv4 range: addresses are read so, too. */
function plainRange(range: string): [ipaddr.IPv4 | ipaddr.IPv6, number] {
  const [network, bits] = ipaddr.parseCIDR(range);
  if (!(network instanceof ipaddr.IPv6) || !network.isIPv4MappedAddress() || bits < 96) return [network, bits];
  return [network.toIPv4Address(), bits - 96];
}

/** Whether `text` can be a filter by address: an address, or a range in CIDR form. */
export function isAddressOrRange(text: string): boolean {
  return ipaddr.isValid(text) || ipaddr.isValidCIDR(text);
}

function isInChat(event: AuditEvent, chatId: string): boolean {
  if (event.entity_type === 'Chat' && event.entity_id === chatId) return true;
  const inDetails = event.details?.['chat_id'];
  return (typeof inDetails === 'number' || typeof inDetails === 'string') && String(inDetails) === chatId;
}

/** Whether `event` passes every filter of `query`. */
export function matchesQuery(event: AuditEvent, query: AuditQuery): boolean {
  const { eventKeys, actorId, actorType, entityId, entityType, chatId, ipAddress, timeOfDay, timeZone } = query;
  return (
    (eventKeys === undefined || eventKeys.includes(event.event_key)) &&
    (actorId === undefined || event.actor_id === actorId) &&
    (actorType === undefined || event.actor_type === actorType) &&
    (entityId === undefined || event.entity_id === entityId) &&
    (entityType === undefined || event.entity_type === entityType) &&
    (chatId === undefined || isInChat(event, chatId)) &&
    (ipAddress === undefined || isIn(ipAddress, event.ip_address)) &&
    (timeOfDay === undefined || isInHours(timeOfDay, openZone(timeZone).minuteOfDay(eventTimeMs(event))))
  );
}
