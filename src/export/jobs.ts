// Owns exports that outlive one call: the same call joins the one that runs, and a deadline hands it to the background.
import type { Clock } from '../clock.ts';
import type { ExportProgress } from './progress.ts';
import type { Exporter, ExportOptions, ExportResult } from './exporter.ts';
import type { ExportRequest } from './request.ts';

/** The deadline came first: the export goes on in this process, and the same call waits on. */
export interface ExportRunning {
  readonly status: 'running';
  /** Absent where nothing was reported yet. */
  readonly progress?: ExportProgress;
}

export interface ExportJobs {
  /**
   * Starts the export, or joins it where the same request runs already, and waits until it ends or `deadlineAt` comes. What an export in
   * the background ended with, failures too, is given to the next same call, once. Cancelling the call cancels the export, unless it was
   * handed to the background or another call waits for it.
   */
  run(request: ExportRequest, options?: ExportOptions): Promise<ExportResult | ExportRunning>;
  /** Cancels what runs and waits until it has put everything away. */
  close(): Promise<void>;
}

interface Job {
  readonly result: Promise<ExportResult>;
  readonly cancel: AbortController;
  readonly listeners: Set<(progress: ExportProgress) => void>;
  progress?: ExportProgress;
  waiting: number;
  inBackground: boolean;
  /** It was cancelled, and puts away what it has. */
  isEnding: boolean;
}

function startJob(exporter: Exporter, request: ExportRequest): Job {
  const cancel = new AbortController();
  const listeners: Job['listeners'] = new Set();
  const onProgress = (progress: ExportProgress) => {
    job.progress = progress;
    for (const listener of listeners) listener(progress);
  };
  const result = exporter.start(request, { signal: cancel.signal, onProgress });
  const job: Job = { result, cancel, listeners, waiting: 0, inBackground: false, isEnding: false };
  // A failure in the background waits for the call that asks for it.
  result.catch(() => undefined);
  return job;
}

/** Whoever comes while a cancelled export is put away has cancelled nothing: that one is let go of first. */
async function letEnd(jobs: Map<string, Job>, key: string): Promise<void> {
  const job = jobs.get(key);
  if (job?.isEnding !== true) return;
  await job.result.catch(() => undefined);
  if (jobs.get(key) === job) jobs.delete(key);
}

export function createExportJobs(exporter: Exporter, clock: Clock): ExportJobs {
  const jobs = new Map<string, Job>();

  function start(key: string, request: ExportRequest): Job {
    const job = startJob(exporter, request);
    jobs.set(key, job);
    return job;
  }

  return {
    async run(request, { signal, deadlineAt, onProgress } = {}) {
      const key = exporter.keyOf(request);
      await letEnd(jobs, key);
      const job = jobs.get(key) ?? start(key, request);
      const forget = () => void (jobs.get(key) === job && jobs.delete(key));
      job.waiting += 1;
      if (onProgress !== undefined) job.listeners.add(onProgress);
      try {
        const ended = await endOf(job.result, { clock, signal, deadlineAt });
        if (ended !== 'deadline') {
          forget();
          return ended;
        }
        job.inBackground = true;
        return job.progress === undefined ? { status: 'running' } : { status: 'running', progress: job.progress };
      } catch (error) {
        const isOthers = job.inBackground || job.waiting > 1;
        if (signal?.aborted !== true) forget();
        else if (!isOthers) {
          job.isEnding = true;
          job.cancel.abort(signal.reason);
          // The next same call must find the lock free and the state whole.
          await job.result.catch(() => undefined);
          forget();
        }
        throw error;
      } finally {
        job.waiting -= 1;
        if (onProgress !== undefined) job.listeners.delete(onProgress);
      }
    },
    async close() {
      const running = [...jobs.values()];
      for (const job of running) job.cancel.abort();
      await Promise.allSettled(running.map((job) => job.result));
      jobs.clear();
    },
  };
}

interface Limits {
  clock: Clock;
  signal: AbortSignal | undefined;
  deadlineAt: number | undefined;
}

/** What `result` ends with, or `deadline`; rejects with the signal's reason when the call is cancelled. */
async function endOf<T>(result: Promise<T>, { clock, signal, deadlineAt }: Limits): Promise<T | 'deadline'> {
  signal?.throwIfAborted();
  const over = new AbortController();
  const ends = [over.signal, ...(signal === undefined ? [] : [signal])];
  const until = AbortSignal.any(ends);
  const cancelled = new Promise<never>((_resolve, reject) => {
    signal?.addEventListener('abort', () => reject(signal.reason), { once: true, signal: over.signal });
  });
  const deadline = async (): Promise<'deadline'> => {
    await clock.sleep(Math.max(0, (deadlineAt ?? 0) - clock.now()), until);
    return 'deadline';
  };
  try {
    return await Promise.race([result, cancelled, ...(deadlineAt === undefined ? [] : [deadline()])]);
  } finally {
    over.abort();
  }
}
