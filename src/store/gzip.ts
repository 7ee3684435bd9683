// Owns gzip of whole buffers: one piece in, one piece out, for a stream's many pieces of 16 KiB cost more than the unpacking itself.
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';

const zip = promisify(gzip);
const unzip = promisify(gunzip);

/** What the member's last four bytes say of its length is only believed this far: they may be damaged. */
const MOST_CHUNK_BYTES = 16 * 1024 * 1024;
const LEAST_CHUNK_BYTES = 1024;
const LENGTH_BYTES = 4;
/** NDJSON of events packs better than this, so that one piece is enough. */
const LEAST_RATIO = 4;

/** One gzip member. */
export async function pack(bytes: Buffer, level: number): Promise<Buffer> {
  const chunkSize = Math.max(LEAST_CHUNK_BYTES, Math.ceil(bytes.length / LEAST_RATIO));
  // A copy: what zlib gives is a view of a whole piece, however little of that it is.
  return Buffer.from(await zip(bytes, { level, chunkSize }));
}

/** The bytes of one gzip member. */
export async function unpack(member: Buffer): Promise<Buffer> {
  const length = member.length < LENGTH_BYTES ? 0 : member.readUInt32LE(member.length - LENGTH_BYTES);
  // One byte of room left tells zlib that nothing follows.
  const chunkSize = Math.min(Math.max(length + 1, LEAST_CHUNK_BYTES), MOST_CHUNK_BYTES);
  return unzip(member, { chunkSize });
}
