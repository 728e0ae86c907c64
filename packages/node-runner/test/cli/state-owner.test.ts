import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { claimState, findLivingOwner, removeOwner, type StateOwner } from '../../src/cli/state-owner.js';

describe('the owner of a state directory', () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'state-'));
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  const write = (owner: Partial<StateOwner>): void =>
    writeFileSync(join(directory, 'job.owner.json'), JSON.stringify({ pid: process.pid, host: hostname(), ...owner }));

  it('lives as long as its process', () => {
    using _ = claimState(directory);
    expect(findLivingOwner(directory)).toMatchObject({ pid: process.pid, host: hostname() });
    expect(() => claimState(directory)).toThrow(/EEXIST/u);
    removeOwner(directory);
    expect(findLivingOwner(directory)).toBeUndefined();
  });

  it('has ended with its process', () => {
    const { pid } = spawnSync(process.execPath, ['-e', '']);
    write({ pid });
    expect(findLivingOwner(directory)).toBeUndefined();
  });

  it('is not a later process with the same id', () => {
    write({ startedAt: 'another time' });
    expect(findLivingOwner(directory)).toBeUndefined();
  });

  it('lives on another machine as long as it renews its file', () => {
    write({ host: 'elsewhere', pid: 1 });
    expect(findLivingOwner(directory)).toMatchObject({ host: 'elsewhere' });
    const past = new Date(Date.now() - 120_000);
    utimesSync(join(directory, 'job.owner.json'), past, past);
    expect(findLivingOwner(directory)).toBeUndefined();
  });

  it('is unknown for an incomplete file', () => {
    writeFileSync(join(directory, 'job.owner.json'), '{"pid":');
    expect(findLivingOwner(directory)).toBeUndefined();
  });
});
