/** A target on this SDK that checks records and keeps none. */
import { object, RecordTarget } from '@singer-io-ts/sdk';
import { runTarget } from '@singer-io-ts/sdk/cli';

class Nothing extends RecordTarget {
  write() {
    // What is measured is reading.
  }
}

await runTarget({
  name: 'target-bench',
  version: '0.0.0',
  description: 'Reads records and keeps none.',
  configSchema: object({}),
  open: () => new Nothing(),
});
