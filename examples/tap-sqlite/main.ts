#!/usr/bin/env node
import { runTap } from '@singer-io-ts/sdk/cli';
import { tap } from './tap.js';

await runTap(tap);
