import { readFileSync } from 'node:fs';

/** A fenced block of a document: ` ```sh once ` has the language `sh` and is about `once`. */
export interface FencedBlock {
  readonly language: string;
  readonly about: string;
  readonly text: string;
}

/** The fenced blocks of a Markdown file, in their order. */
export function fencedBlocks(file: string): FencedBlock[] {
  return [...readFileSync(file, 'utf8').matchAll(/^```(\w*) ?(.*)\n([^]*?)^```$/gm)].map(
    ([, language = '', about = '', text = '']) => ({ language, about, text }),
  );
}

/** The first block that has a text in it. */
export function blockWith(file: string, text: string): string {
  const found = fencedBlocks(file).find((block) => block.text.includes(text));
  if (!found) throw new Error(`${file} has no block with ${text}`);
  return found.text;
}
