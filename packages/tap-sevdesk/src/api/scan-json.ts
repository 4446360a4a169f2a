const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const BACKSLASH = 0x5c;
const SPACE = 0x20;
const OPEN = 0x7b;
const CLOSE = 0x7d;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;

/** Deeper structures are left to the parser. */
const MAX_DEPTH = 32;

/** Bytes at which a run of plain string text ends: quotes, backslashes and control characters, the zero behind an answer among them. */
const ENDS_RUN = Uint8Array.from({ length: 256 }, (_, byte) =>
  byte === QUOTE || byte === BACKSLASH || byte < SPACE ? 1 : 0,
);

/**
 * Where the string that begins at `at` ends, after its quote; -1 where it is no valid JSON string.
 *
 * @param body text with a zero behind it
 */
export function skipString(body: Buffer, at: number): number {
  let i = at + 1;
  for (;;) {
    while (ENDS_RUN[body[i] ?? 0] === 0) i += 1;
    const byte = body[i];
    if (byte === QUOTE) return i + 1;
    if (byte !== BACKSLASH) return -1;
    if ((i = skipEscape(body, i)) < 0) return -1;
  }
}

function skipEscape(body: Buffer, at: number): number {
  switch (body[at + 1]) {
    case QUOTE:
    case BACKSLASH:
    case 0x2f: // /
    case 0x62: // b
    case 0x66: // f
    case 0x6e: // n
    case 0x72: // r
    case 0x74: // t
      return at + 2;
    case 0x75: // u
      for (let i = 2; i < 6; i += 1) if (!isHex(body[at + i])) return -1;
      return isSurrogate(body, at) ? skipPair(body, at) : at + 6;
    default:
      return -1;
  }
}

/** Whether an escape is a half of a character beyond U+FFFF: `\ud800` to `\udfff`. */
const isSurrogate = (body: Buffer, at: number): boolean =>
  ((body[at + 2] ?? 0) | 0x20) === 0x64 && (body[at + 3] ?? 0) >= 0x38;

/** Where two escapes end that are one character together; -1 where the first half has no second. */
function skipPair(body: Buffer, at: number): number {
  const pair = /^\\u[dD][89abAB][\da-fA-F]{2}\\u[dD][c-fC-F][\da-fA-F]{2}$/;
  return pair.test(body.toString('latin1', at, at + 12)) ? at + 12 : -1;
}

/** Where the value that begins at `at` ends; -1 where no valid, compact JSON value stands there. */
export function skipValue(body: Buffer, at: number, depth = 0): number {
  switch (body[at]) {
    case QUOTE:
      return skipString(body, at);
    case 0x6e: // null
      return body[at + 1] === 0x75 && body[at + 2] === 0x6c && body[at + 3] === 0x6c ? at + 4 : -1;
    case 0x74: // true
      return body[at + 1] === 0x72 && body[at + 2] === 0x75 && body[at + 3] === 0x65 ? at + 4 : -1;
    case 0x66: // false
      return body[at + 1] === 0x61 && body[at + 2] === 0x6c && body[at + 3] === 0x73 && body[at + 4] === 0x65
        ? at + 5
        : -1;
    case OPEN:
      return depth < MAX_DEPTH ? skipObject(body, at, depth) : -1;
    case OPEN_LIST:
      return depth < MAX_DEPTH ? skipList(body, at, depth) : -1;
    default:
      return skipNumber(body, at);
  }
}

function skipObject(body: Buffer, at: number, depth: number): number {
  let i = at + 1;
  if (body[i] === CLOSE) return i + 1;
  for (;;) {
    if (body[i] !== QUOTE) return -1;
    i = skipString(body, i);
    if (i < 0 || body[i] !== COLON) return -1;
    i = skipValue(body, i + 1, depth + 1);
    if (i < 0) return -1;
    if (body[i] === CLOSE) return i + 1;
    if (body[i] !== COMMA) return -1;
    i += 1;
  }
}

function skipList(body: Buffer, at: number, depth: number): number {
  let i = at + 1;
  if (body[i] === CLOSE_LIST) return i + 1;
  for (;;) {
    i = skipValue(body, i, depth + 1);
    if (i < 0) return -1;
    if (body[i] === CLOSE_LIST) return i + 1;
    if (body[i] !== COMMA) return -1;
    i += 1;
  }
}

function skipNumber(body: Buffer, at: number): number {
  let i = body[at] === 0x2d ? at + 1 : at;
  const whole = skipDigits(body, i);
  if (whole === i || (body[i] === 0x30 && whole > i + 1)) return -1;
  i = whole;
  if (body[i] === 0x2e) {
    const fraction = skipDigits(body, i + 1);
    if (fraction === i + 1) return -1;
    i = fraction;
  }
  if (body[i] === 0x65 || body[i] === 0x45) {
    const sign = body[i + 1] === 0x2b || body[i + 1] === 0x2d ? i + 2 : i + 1;
    const exponent = skipDigits(body, sign);
    if (exponent === sign) return -1;
    i = exponent;
  }
  return i;
}

function skipDigits(body: Buffer, at: number): number {
  let i = at;
  for (let byte = body[i]; byte !== undefined && byte >= 0x30 && byte <= 0x39; byte = body[i]) i += 1;
  return i;
}

/** Whether a value that begins with this byte is a number. */
export function isNumberStart(byte: number | undefined): boolean {
  return byte === 0x2d || (byte !== undefined && byte >= 0x30 && byte <= 0x39);
}

/** Whether a number has no exponent and two digits after the point at most. */
export function isCents(body: Buffer, start: number, end: number): boolean {
  const whole = skipDigits(body, body[start] === 0x2d ? start + 1 : start);
  if (whole === end) return true;
  return body[whole] === 0x2e && end - whole <= 3 && skipDigits(body, whole + 1) === end;
}

const isHex = (byte: number | undefined): boolean =>
  byte !== undefined &&
  ((byte >= 0x30 && byte <= 0x39) || (byte >= 0x41 && byte <= 0x46) || (byte >= 0x61 && byte <= 0x66));
