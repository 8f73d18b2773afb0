// take_out.ts - takes what was asked for out of the record, page by page, into one file of bounded size.
import { readLines, type Filter } from '../api/events';

export const EXPORT_MAX_BYTES = 64 * 1024 * 1024;

export type Progress = { records: number; bytes: number; isFull: boolean };

/** The lines as a file, and how many there are; isFull says that the record had more than one file may hold. */
export async function exportRecord(filter: Filter, signal: AbortSignal, onProgress: (progress: Progress) => void): Promise<{ file: Blob; progress: Progress }> {
  const parts: Blob[] = [];
  const progress: Progress = { records: 0, bytes: 0, isFull: false };
  let cursor: string | undefined;
  do {
    const { text, count, next } = await readLines(filter, cursor, signal);
    const part = new Blob([text]);
    parts.push(part);
    progress.records += count;
    progress.bytes += part.size;
    progress.isFull = next !== null && progress.bytes >= EXPORT_MAX_BYTES;
    onProgress({ ...progress });
    cursor = next ?? undefined;
  } while (cursor !== undefined && !progress.isFull);
  return { file: new Blob(parts, { type: 'application/x-ndjson' }), progress };
}

/** Hands a file to the browser's downloads. */
export function saveFile(file: Blob, name: string) {
  const url = URL.createObjectURL(file);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
