import type { Answer } from '../api/api-routes.js';
import { WireError } from '../api/wire-error.js';
import type { Seconds } from '../company/berlin-time.js';
import type { WireRecord } from '../company/wire.js';
import type { FaultRule } from './fault-rules.js';

const HTML = Buffer.from(
  '<!DOCTYPE html>\n<html><head><title>Wartungsarbeiten</title></head><body><h1>sevdesk ist gleich wieder da</h1></body></html>\n',
);

interface ListBody {
  total?: string;
  objects: WireRecord[];
}

const html = (status: number, headers: Record<string, string>): Answer => ({
  status,
  body: HTML,
  headers: { ...headers, 'Content-Type': 'text/html; charset=utf-8' },
});

function statusAnswer({ status = 500, retryAfter }: FaultRule, now: Seconds): Answer {
  const ahead = typeof retryAfter === 'string' ? /^date:(-?\d+)$/.exec(retryAfter)?.[1] : undefined;
  const value = ahead === undefined ? retryAfter : new Date((now + Number(ahead)) * 1000).toUTCString();
  const headers = value === undefined ? {} : { 'Retry-After': String(value) };
  if (status >= 502) return html(status, headers);
  const message =
    { 401: 'Authentication required', 403: 'Forbidden', 429: 'Too many requests' }[status] ?? 'Internal server error';
  return { status, body: Buffer.from(new WireError(status, message).body()), headers };
}

function editBody(answer: Answer, edit: (body: ListBody) => unknown): Answer {
  const body = JSON.parse(answer.body.toString()) as ListBody;
  return { ...answer, body: Buffer.from(JSON.stringify(edit(body))) };
}

/** Numbers for text and text for numbers, in the first record. */
function wrongTypes(body: ListBody): ListBody {
  const [first, ...rest] = body.objects;
  if (first === undefined) return body;
  return { ...body, objects: [{ ...first, id: { unexpected: true }, update: 12345, contact: 'none' }, ...rest] };
}

/** Spoils an answer as a rule says; kinds that break the connection itself are the server's work. */
export function spoil(answer: Answer, rule: FaultRule, now: Seconds): Answer {
  switch (rule.kind) {
    case 'status':
      return statusAnswer(rule, now);
    case 'unauthorized':
      return statusAnswer({ ...rule, status: 401 }, now);
    case 'html200':
      return html(200, {});
    case 'error200':
      return { status: 200, body: Buffer.from(new WireError(500, 'Internal server error').body()) };
    case 'cut':
      return { ...answer, body: answer.body.subarray(0, Math.ceil(answer.body.length / 2)) };
    case 'objectsNull':
      return editBody(answer, (body) => ({ ...body, objects: null }));
    case 'empty':
      return editBody(answer, (body) => ({ ...body, objects: [] }));
    case 'wrongTypes':
      return editBody(answer, wrongTypes);
    case 'duplicateIds':
      return editBody(answer, (body) => ({
        ...body,
        objects: body.objects.map((record, index) => (index === 1 ? (body.objects[0] ?? record) : record)),
      }));
    case 'totalLies':
      return editBody(answer, (body) =>
        body.total === undefined ? body : { ...body, total: String(Number(body.total) + (rule.by ?? -1)) },
      );
    default:
      return answer;
  }
}
