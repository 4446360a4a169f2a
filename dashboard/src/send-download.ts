import type { Context } from 'hono';
import { toCsv } from './downloads/csv.js';
import { downloadNamed } from './downloads/downloads.js';
import type { Download, DownloadOptions } from './downloads/downloads.js';
import { TooManyRowsError, XLSX_ROWS_AT_MOST, toXlsx } from './downloads/xlsx.js';
import type { Row, Warehouse } from './warehouse/warehouse.js';

const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

/** The kinds of file that each table can be had as. */
export type FileKind = 'csv' | 'xlsx';

/** Answers with a table as a file in the language of the page: `NAME.csv` or `NAME.xlsx`; 404 for a table that there is not. */
export async function sendDownload(
  c: Context,
  { kind, warehouse, ...options }: DownloadOptions & { kind: FileKind; warehouse: Warehouse },
): Promise<Response> {
  const [name = '', ending] = (c.req.param('name') ?? '').split('.');
  const download = ending === kind ? downloadNamed(name, options) : undefined;
  if (!download) return c.notFound();
  const headers = {
    'Content-Type': kind === 'csv' ? 'text/csv; charset=utf-8' : XLSX,
    'Content-Disposition': `attachment; filename="${name}-${options.scope.today}.${kind}"`,
  };
  if (kind === 'csv') return sendCsv(c, { ...options, download, warehouse, headers });
  try {
    const file = await toXlsx(download.rows(warehouse), download.columns, download.heading);
    return c.body(new Uint8Array(file), 200, headers);
  } catch (error) {
    if (!(error instanceof TooManyRowsError)) throw error;
    const { scope, texts } = options;
    return c.text(`${texts.tooManyRows(XLSX_ROWS_AT_MOST.toLocaleString(scope.language))}\n`, 413);
  }
}

async function sendCsv(
  c: Context,
  options: DownloadOptions & { download: Download; warehouse: Warehouse; headers: Record<string, string> },
): Promise<Response> {
  const { download, warehouse, headers, scope } = options;
  const rows = download.rows(warehouse)[Symbol.asyncIterator]();
  // The first row is fetched before the answer begins, so that a failing statement is an error and not an empty file.
  const first = await rows.next();
  const all = async function* (): AsyncIterable<Row> {
    try {
      for (let next = first; !next.done; next = await rows.next()) yield next.value;
    } finally {
      // Whoever stops the download early stops the fetching.
      await rows.return?.();
    }
  };
  return c.body(ReadableStream.from(toBytes(toCsv(all(), download.columns, scope.language))), 200, headers);
}

async function* toBytes(texts: AsyncIterable<string>): AsyncIterable<Uint8Array> {
  const encoder = new TextEncoder();
  for await (const text of texts) yield encoder.encode(text);
}
