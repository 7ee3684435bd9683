// Owns a file without a name, for bytes that one read puts aside and gets back.
import { open, rm } from 'node:fs/promises';

export interface Scratch {
  /** Gives the place of `bytes`. */
  append(bytes: Buffer): Promise<number>;
  read(at: number, length: number): Promise<Buffer>;
  close(): Promise<void>;
}

/** `path` is not taken yet; `beforeWrite` may throw. */
export async function openScratch(path: string, beforeWrite: () => void): Promise<Scratch> {
  const file = await open(path, 'wx+', 0o600);
  // A kill leaves nothing behind where a name can go while the file is open; elsewhere it goes at the end.
  const removed = await rm(path).catch((error: unknown) => ({ error }));
  let end = 0;
  return {
    async append(bytes) {
      beforeWrite();
      const at = end;
      for (let done = 0; done < bytes.length;)
        done += (await file.write(bytes, done, bytes.length - done, at + done)).bytesWritten;
      end += bytes.length;
      return at;
    },
    async read(at, length) {
      const bytes = Buffer.allocUnsafe(length);
      for (let done = 0; done < length;) {
        const { bytesRead } = await file.read(bytes, done, length - done, at + done);
        if (bytesRead === 0) throw new Error('what was put aside is gone');
        done += bytesRead;
      }
      return bytes;
    },
    async close() {
      await file.close();
      if (removed !== undefined) await rm(path, { force: true });
    },
  };
}
