import { MAX_BINARY_LENGTH } from '../plan/column-type.js';
import { FINE, type Verdict } from './verdict.js';

const PLAIN = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
/** With line breaks, without padding, or in the alphabet for addresses: other ways to write the same bytes. */
const OTHER = /^[A-Za-z0-9+/_-]*={0,2}$/;

/** Checks the base64 of a BINARY column. @param length how many bytes the column holds */
export function checkBase64(text: string, length = MAX_BINARY_LENGTH): Verdict {
  if (text.length > Math.ceil(MAX_BINARY_LENGTH / 3) * 4) return tooLong(MAX_BINARY_LENGTH);
  const verdict = checkAlphabet(text);
  if (verdict && 'refuse' in verdict) return verdict;
  if (length === MAX_BINARY_LENGTH) return verdict;
  return Buffer.from(text.replace(/\s/g, ''), 'base64').length > length ? tooLong(length) : verdict;
}

const tooLong = (length: number): Verdict => ({ refuse: `has more than the ${length} bytes that its column holds` });

function checkAlphabet(text: string): Verdict {
  if (PLAIN.test(text)) return FINE;
  const packed = text.replace(/\s/g, '');
  const digits = packed.replace(/=+$/, '');
  if (!OTHER.test(packed) || digits.length % 4 === 1)
    return { refuse: 'is not base64', hint: ', which its contentEncoding says it is' };
  return { write: Buffer.from(digits, 'base64url').toString('base64') };
}
