import { readdirSync, readFileSync } from 'node:fs';

/** The processes that run and have a variable of this value in their environment, which Linux shows: what a test started, and what that started. */
export const processesWith = (variable: string, value: string): string[] =>
  readdirSync('/proc').filter((pid) => {
    try {
      return (
        /^\d+$/.test(pid) &&
        readFileSync(`/proc/${pid}/environ`, 'latin1').includes(`${variable}=${value}`) &&
        !readFileSync(`/proc/${pid}/stat`, 'latin1').includes(') Z ')
      );
    } catch {
      return false;
    }
  });
