#!/usr/bin/env node
import { runTarget } from '@singer-io-ts/sdk/cli';
import { target } from './target.js';

await runTarget(target);
