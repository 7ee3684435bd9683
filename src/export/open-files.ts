// Owns the files that are open for reading while an export is put together: opened once, and never too many at a time.
import { open, type FileHandle } from 'node:fs/promises';

/** Segments of some hundred thousand events. Node asks the system for as many open files as it may have: thousands. */
const MOST_OPEN = 256;

export interface OpenFiles {
  /** The file at `path`, for reads that begin before the next call. */
  open(path: string): Promise<FileHandle>;
}

/** Gives what `use` gives, and closes what it has opened, once the reads that have begun are over. */
export async function* withOpenFiles<T>(use: (files: OpenFiles) => AsyncGenerator<T>): AsyncGenerator<T> {
  const handles = new Map<string, FileHandle>();
  const files: OpenFiles = {
    async open(path) {
      const known = handles.get(path);
      const handle = known ?? (await open(path, 'r'));
      // The last one in is the last one out.
      handles.delete(path);
      handles.set(path, handle);
      const [oldest] = handles.size > MOST_OPEN ? handles : [];
      if (oldest !== undefined) {
        handles.delete(oldest[0]);
        await oldest[1].close();
      }
      return handle;
    },
  };
  try {
    yield* use(files);
  } finally {
    for (const handle of handles.values()) await handle.close();
  }
}
