// Makes ../application.tgz from app.mjs: node synthesize.mjs. The archive is the output of `cdk synth`, with its links
// and modes.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const PACKAGES = ['aws-cdk@2.1148.1', 'aws-cdk-lib@2.276.0', 'constructs@10.8.1'];

const directory = mkdtempSync(join(tmpdir(), 'application-'));
/** @param {string} program @param {readonly string[]} args */
const run = (program, args) => execFileSync(program, args, { cwd: directory, stdio: ['ignore', 'inherit', 'inherit'] });

/** Stack traces contain paths of this machine. @param {string} output */
const removeStackTraces = (output) => {
  for (const file of readdirSync(output, { recursive: true, encoding: 'utf8' })) {
    if (!file.endsWith('.metadata.json')) continue;
    const path = join(output, file);
    /** @type {Record<string, { type: string }[]>} */
    const metadata = JSON.parse(readFileSync(path, 'utf8'));
    for (const [key, entries] of Object.entries(metadata)) {
      metadata[key] = entries.filter(({ type }) => type !== 'aws:cdk:creationStack');
    }
    writeFileSync(path, JSON.stringify(metadata, undefined, 1));
  }
};

try {
  cpSync(import.meta.dirname, directory, { recursive: true, verbatimSymlinks: true });
  run('npm', ['install', '--no-save', '--no-audit', '--no-fund', '--ignore-scripts', ...PACKAGES]);
  const options = ['--no-path-metadata', '--no-version-reporting', '--no-asset-metadata'];
  run('node_modules/.bin/cdk', ['synth', '--app', 'node app.mjs', '--quiet', ...options]);
  removeStackTraces(join(directory, 'cdk.out'));
  const metadata = ['--sort=name', '--mtime=1980-01-01', '--owner=0', '--group=0', '--numeric-owner'];
  run('tar', ['-czf', join(import.meta.dirname, '..', 'application.tgz'), ...metadata, '-C', 'cdk.out', '.']);
} finally {
  rmSync(directory, { recursive: true, force: true });
}
