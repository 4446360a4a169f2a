/**
 * The least that a target can do: read lines, parse, validate with a compiled schema, keep the record as it came, gzip -1.
 * `node floor.mjs FILE`
 */
import { createReadStream, createWriteStream } from 'node:fs';
import { createGzip } from 'node:zlib';
import { createRequire } from 'node:module';
import { inRoot } from '../../scripts/lib/paths.mjs';
import { reportUsage } from './usage.mjs';

const { Ajv } = createRequire(inRoot('packages/sdk/package.json'))('ajv');

const validators = new Map();
const gzip = createGzip({ level: 1 });
gzip.pipe(createWriteStream('/dev/null'));
let rest = Buffer.alloc(0);
let records = 0;

function line(text) {
  const message = JSON.parse(text);
  if (message.type === 'SCHEMA') {
    const schema = { ...message.schema };
    delete schema.$schema;
    validators.set(message.stream, new Ajv({ strict: false, validateFormats: false }).compile(schema));
  } else if (message.type === 'RECORD') {
    if (!validators.get(message.stream)(message.record)) throw new Error('invalid record');
    const start = text.indexOf('"record":') + 9;
    records += 1;
    return text.slice(start, text.lastIndexOf('}', text.length - 2) + 1);
  }
  return undefined;
}

for await (const chunk of createReadStream(process.argv[2], { highWaterMark: 64 * 1024 })) {
  const all = rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk;
  let block = '';
  let from = 0;
  for (let end = all.indexOf(10); end !== -1; end = all.indexOf(10, from)) {
    const kept = line(all.toString('utf8', from, end));
    if (kept !== undefined) block += `${kept}\n`;
    from = end + 1;
  }
  rest = all.subarray(from);
  if (block !== '' && !gzip.write(block)) await new Promise((resolve) => gzip.once('drain', resolve));
}
gzip.end();
await new Promise((resolve) => gzip.once('close', resolve));
reportUsage({ records });
