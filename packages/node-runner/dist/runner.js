#!/usr/bin/env node
import { runner } from './index.js';

await runner();
