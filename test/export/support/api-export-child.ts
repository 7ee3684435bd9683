// Owns one export from an API in a process of its own, on a clock that does not wait. May be told to die while it writes.
import { open } from 'node:fs/promises';
import { z } from 'zod';
import { createApiLog } from '../../../src/audit/api-log.ts';
import { createExporter } from '../../../src/export/exporter.ts';
import { createHttpClient } from '../../../src/http/create-http-client.ts';
import { createRateLimit } from '../../../src/http/rate-limit.ts';
import { NOW_MS, queryOf } from '../../support/api-log.ts';
import { PATIENT_RETRY } from '../../support/failing-api.ts';
import { createInstantClock } from '../../support/instant-clock.ts';

const optionsSchema = z.object({
  url: z.string(),
  token: z.string(),
  exportDir: z.string(),
  window: z.object({ startMs: z.int(), endMs: z.int() }),
  eventKeys: z.array(z.string()).exactOptional(),
  /** The process kills itself in the middle of this write. */
  dieAtWrite: z.int(),
});

const { url, token, exportDir, window, eventKeys, dieAtWrite } = optionsSchema.parse(JSON.parse(process.argv[2] ?? ''));
const clock = createInstantClock(NOW_MS);
let writes = 0;

const openFile: typeof open = async (...args) => {
  const file = await open(...args);
  const write = file.write.bind(file);
  Object.assign(file, {
    async write(chunk: Uint8Array, offset: number) {
      writes += 1;
      if (writes !== dieAtWrite) return write(chunk, offset);
      // Half of it, so that what is left is torn.
      await write(chunk, offset, Math.ceil((chunk.byteLength - offset) / 2));
      return process.kill(process.pid, 'SIGKILL');
    },
  });
  return file;
};

const http = createHttpClient({
  baseUrl: url,
  token: () => token,
  userAgent: 'test/1',
  clock,
  rateLimit: createRateLimit({ perSecond: 100_000, clock }),
  retry: PATIENT_RETRY,
});
const exporter = createExporter({
  auditLog: createApiLog({ http, clock, isOwnRead: () => false }),
  clock,
  exportDir,
  programVersion: '1.2.3',
  source: { kind: 'api', location: 'https://api.example.test' },
  logId: () => Promise.resolve('1000'),
  isOwnRead: () => false,
  openFile,
});
const query = queryOf(window, eventKeys === undefined ? {} : { eventKeys });
const result = await exporter.start({ query, format: 'ndjson', compression: 'none', overwrite: false });
await http.close();
const manifestPath = result.status === 'done' ? result.manifestPath : '';
process.stdout.write(JSON.stringify({ status: result.status, resumed: result.resumed, manifestPath }));
