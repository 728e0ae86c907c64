import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { mustRunNpm, root } from '../command.mjs';
import { readRepositoryName } from './repository-name.mjs';
import { readVersion } from './version.mjs';

const RUNNER = 'packages/node-runner/dist';

/** The npm package of the node runner: the runner and the bundles of all actions, without dependencies. */
const createManifest = () => ({
  name: '@aws-delivery/runner',
  version: readVersion(),
  description: 'Runs the AWS Delivery Actions on any CI system and on a workstation',
  license: 'MIT',
  repository: { type: 'git', url: `git+https://github.com/${readRepositoryName()}.git` },
  type: 'module',
  engines: { node: '>=20.0.0' },
  bin: { 'aws-delivery': `${RUNNER}/runner.js` },
});

/**
 * Packs the committed bundles as npm package.
 * @param {string} directory where the package is written
 * @returns {Promise<string>} path of the package
 */
export const packRunner = async (directory) => {
  const stage = mkdtempSync(join(tmpdir(), 'runner-package-'));
  try {
    const actions = readdirSync(join(root, 'actions')).map((name) => `actions/${name}`);
    const parts = [RUNNER, ...actions.flatMap((path) => [`${path}/action.yml`, `${path}/dist`])];
    for (const part of parts) {
      mkdirSync(dirname(join(stage, part)), { recursive: true });
      cpSync(join(root, part), join(stage, part), { recursive: true });
    }
    cpSync(join(root, 'LICENSE'), join(stage, 'LICENSE'));
    cpSync(join(root, 'packages/node-runner/README.md'), join(stage, 'README.md'));
    const manifest = createManifest();
    writeFileSync(join(stage, 'package.json'), `${JSON.stringify(manifest, undefined, 2)}\n`);
    mkdirSync(directory, { recursive: true });
    await mustRunNpm(['pack', stage, '--pack-destination', directory, '--ignore-scripts']);
    return join(directory, `aws-delivery-runner-${manifest.version}.tgz`);
  } finally {
    rmSync(stage, { recursive: true });
  }
};
