import { Writable } from 'node:stream';

/** An output that keeps what it is given as text. */
export class CollectingOutput extends Writable {
  text = '';

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.text += chunk.toString('utf8');
    done();
  }

  /** The whole lines so far. */
  get lines(): string[] {
    return this.text.split('\n').filter((line) => line !== '');
  }
}
