// Owns W7: the audit log is read by something that is neither this server nor a collector known from before.
import { defineDetector } from '../detector.ts';
import { createSightings } from '../sightings.ts';

const DAY_MS = 86_400_000;

export const auditLogStranger = defineDetector({
  rule: 'audit_log_stranger',
  code: 'W7',
  severity: 'high',
  eventKeys: ['audit_events_accessed'],
  baseline: 'actor',
  techniques: ['T1654'],
  params: { collectorDays: 3, collectorAgeMs: 7 * DAY_MS },
  logic: {
    en: 'The log is read by an actor, network and client that are no known collector; reads of this server are not looked at. A collector is one that read on {collectorDays} or more days, first {collectorAgeMs} ago or earlier.',
    ru: 'Журнал читает связка сотрудника, сети и клиента, которая не известна как сборщик; чтения этого сервера не учитываются. Сборщик: читал не меньше чем в {collectorDays} дня, впервые не позже чем {collectorAgeMs} назад.',
  },
  blindSpots: {
    en: 'Who copies the user agent of this server or of a collector, from its network, is taken for it; who reads long enough unnoticed is taken for a collector. Without a baseline every other reader is a stranger.',
    ru: 'Кто повторит агент этого сервера или сборщика из его же сети, будет принят за него; кто долго читает незамеченным, станет сборщиком. Без базового периода чужим считается любой другой читатель.',
  },
  start(params, { emit, leaveOut, historySinceMs }) {
    const readers = createSightings();
    return {
      observe(seen) {
        const { actorId, networks, client } = seen;
        // Without its numbers of version, so that an update does not make a collector a stranger.
        const reader = `${actorId ?? ''}|${networks?.net ?? ''}|${client?.model ?? ''}`;
        const { days, firstMs } = readers.of(reader, seen.timeMs);
        readers.note(reader, seen);
        if (days >= params.collectorDays && firstMs <= seen.timeMs - params.collectorAgeMs) {
          return leaveOut('learned_bot', seen);
        }
        const reachesBack = historySinceMs('audit_events_accessed') <= seen.timeMs - params.collectorAgeMs;
        emit({
          rule: 'audit_log_stranger',
          severity: 'high',
          events: [seen],
          facts: {
            actor: actorId ?? 'unknown',
            net: networks?.net ?? 'unknown',
            client: client?.family ?? 'unknown',
          },
          extras: reachesBack ? [] : ['no_baseline'],
          // What is read before the window may be a collector that is still being learned.
          taints: seen.judged,
        });
      },
    };
  },
});
