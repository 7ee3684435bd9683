// Owns the port to HTTP: one call with retries behind it, JSON in and out. Knows nothing of audit events.

export interface HttpResponse {
  status: number;
  /** Parsed JSON. */
  body: unknown;
  /** `x-request-id` of the answer. */
  requestId?: string;
  /** The server's clock when it answered, to the second. */
  dateMs?: number;
}

export interface CallOptions {
  signal?: AbortSignal;
  /** Called before every attempt, repeats included; what it throws ends the call (a budget). */
  onAttempt?: () => void;
}

/** Answers 2xx; everything else is an AuditError with code, status and request id. */
export interface HttpClient {
  /** GET, repeated on network failure, cut body, 408, 429 and 5xx. Undefined query values are left out. */
  get(path: string, query: Readonly<Record<string, string | undefined>>, options?: CallOptions): Promise<HttpResponse>;
  /** POST, sent once: a repeat could do the thing twice. */
  post(path: string, body: unknown, options?: CallOptions): Promise<HttpResponse>;
  close(): Promise<void>;
}
