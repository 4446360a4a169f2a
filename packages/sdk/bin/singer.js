#!/usr/bin/env node
import '../dist/singer-cli/main.js';
