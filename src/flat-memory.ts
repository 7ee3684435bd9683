// Owns how far the heap may grow before it is swept while a great many events pass through: little, so that memory stays flat.
import { setFlagsFromString } from 'node:v8';

let running = 0;

/**
 * V8 lets what has aged pile up to four times of what lives before it sweeps. Of a million events on their way to a file that is 60 MB more
 * than of a hundred thousand, for nothing: what lives is 25 MB, and is swept in a hundredth of a second. What rules remember lives longer
 * and is more: there it would cost a tenth of the time.
 */
export async function withFlatMemory<T>(run: () => Promise<T>): Promise<T> {
  running += 1;
  if (running === 1) setFlagsFromString('--heap-growing-percent=50');
  try {
    return await run();
  } finally {
    running -= 1;
    // V8's own way again.
    if (running === 0) setFlagsFromString('--heap-growing-percent=0');
  }
}
