/**
 * Preloaded into the processes of a played hour: a tap takes it for the hour that is played, as the source that it reads does. Every
 * other program keeps this machine's time, by which the warehouse judges sign-ins.
 */
const aheadMs = Number(process.env['SOURCE_CLOCK_AHEAD_MS']);

if (/[\\/]tap-[^\\/]+$/.test(process.argv[1] ?? '')) {
  const Machine = globalThis.Date;
  globalThis.Date = class Date extends Machine {
    constructor(...given) {
      super(...(given.length === 0 ? [Machine.now() + aheadMs] : given));
    }

    static now() {
      return Machine.now() + aheadMs;
    }
  };
}
