// Owns the addresses of exports among the resources.

/** The resource that is the manifest of the export `fileName`. */
export function exportUri(fileName: string): string {
  return `pachca-audit://exports/${encodeURIComponent(fileName)}`;
}
