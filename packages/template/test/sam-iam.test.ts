import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { findRequiredCapabilities } from '../src/capability.js';
import { parseTemplate } from '../src/template.js';
import { corpus } from './sam-corpus.js';

const oracleFile = new URL('sam-oracle.json', import.meta.url);

/** @param python an interpreter with aws-sam-translator */
const updateOracle = (python: string): void => {
  const script = fileURLToPath(new URL('sam-oracle.py', import.meta.url));
  const input = corpus.map(({ text }) => text).join('\n');
  const env = { ...process.env, AWS_DEFAULT_REGION: 'eu-central-1' };
  const lines = execFileSync(python, [script], { input, encoding: 'utf8', env }).trim().split('\n');
  const results = corpus.map(({ name }, index) => [name, JSON.parse(lines[index] ?? 'null') as boolean | null]);
  writeFileSync(oracleFile, `${JSON.stringify(Object.fromEntries(results), null, 2)}\n`);
};

const python = process.env['UPDATE_SAM_ORACLE'];
if (python) updateOracle(python);
const oracle: Readonly<Record<string, boolean>> = JSON.parse(readFileSync(oracleFile, 'utf8'));

describe('SAM creates IAM resources as predicted', () => {
  it('the oracle has a result for each template', () => {
    expect(Object.keys(oracle)).toEqual(corpus.map(({ name }) => name));
    expect(Object.values(oracle).filter((result) => typeof result !== 'boolean')).toEqual([]);
  });

  it.each(corpus)('for $name', ({ name, text }) => {
    const capabilities = findRequiredCapabilities(parseTemplate(text)).map(({ capability }) => capability);
    expect(capabilities.includes('CAPABILITY_IAM')).toBe(oracle[name]);
  });
});
