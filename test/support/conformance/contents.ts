// Owns what the conformance fixtures give out: the bytes and texts that the official suite asks for by name.

/** One red pixel. */
export const PNG = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==';
/** An empty sound. */
export const WAV = 'UklGRiYAAABXQVZFZm10IBAAAAABAAEAQB8AAAB9AAACABAAZGF0YQIAAAA=';

/** The suite wants every tool and prompt described. */
export const DESCRIBED = { description: 'A fixture of the conformance suite.' } as const;

export const text = (words: string) => ({ type: 'text' as const, text: words });
export const image = () => ({ type: 'image' as const, data: PNG, mimeType: 'image/png' });
export const resource = (uri: string, mimeType: string, words: string) => ({
  type: 'resource' as const,
  resource: { uri, mimeType, text: words },
});
