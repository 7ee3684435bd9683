// Owns the forms in which the API answers: data, the list of field errors, and the OAuth error.

export interface Answer {
  status: number;
  /** JSON text. */
  body: string;
  headers?: Record<string, string>;
}

/** One entry of `errors` as the API writes it. */
export interface ApiErrorItem {
  key: string;
  value: string | null;
  message: string;
  code: string;
}

export function dataAnswer(data: unknown, status = 200): Answer {
  return { status, body: JSON.stringify({ data }) };
}

/** 400, 402, 403 (not allowed), 404, 422. */
export function errorsAnswer(status: number, ...items: ApiErrorItem[]): Answer {
  return { status, body: JSON.stringify({ errors: items.map((item) => ({ ...item, payload: null })) }) };
}

/** 401, and 403 for a missing scope. */
export function oauthErrorAnswer(status: 401 | 403, error: string, description: string): Answer {
  return { status, body: JSON.stringify({ error, error_description: description }) };
}

export function notFoundAnswer(key: string, value: string): Answer {
  return errorsAnswer(404, { key, value, message: 'Не найдено', code: 'not_found' });
}
