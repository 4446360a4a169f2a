import { InterruptedError } from '../errors/interrupted-error.js';

/**
 * Prints what a command was asked for to stdout and resolves when it has left.
 *
 * @throws {InterruptedError} when nobody reads it any more, as behind `| head`
 */
export async function print(text: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const refuse = (cause: Error): void =>
      reject(new InterruptedError({ message: 'the program that reads the output has ended', cause }));
    process.stdout.once('error', refuse);
    process.stdout.write(`${text}\n`, (error) => {
      process.stdout.off('error', refuse);
      if (error) refuse(error);
      else resolve();
    });
  });
}
