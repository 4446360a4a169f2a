import { FINE, type Verdict } from './verdict.js';

const PLAIN = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
/** With line breaks, without padding, or in the alphabet for addresses: other ways to write the same bytes. */
const OTHER = /^[A-Za-z0-9+/_-]*={0,2}$/;
/** What a BINARY that names no length holds. */
const MAX_BYTES = 8_388_608;

/** Checks the base64 of a BINARY column. */
export function checkBase64(text: string): Verdict {
  if (text.length > Math.ceil(MAX_BYTES / 3) * 4)
    return { refuse: `has more than the ${MAX_BYTES} bytes that BINARY holds` };
  if (PLAIN.test(text)) return FINE;
  const packed = text.replace(/\s/g, '');
  const digits = packed.replace(/=+$/, '');
  if (!OTHER.test(packed) || digits.length % 4 === 1)
    return { refuse: 'is not base64, which its contentEncoding says it is' };
  return { write: Buffer.from(digits, 'base64url').toString('base64') };
}
