import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { buildBundles } from './bundle/bundles.mjs';
import { root, run } from './command.mjs';
import { setUpAll } from './install/installation.mjs';
import { findProgram } from './install/tool.mjs';

/** The AWS CLI next to the Python of AWS_DELIVERY_PYTHON, else the one that setup installs. */
const findAwsCli = () => {
  const python = process.env['AWS_DELIVERY_PYTHON'];
  const named = python === undefined ? undefined : join(dirname(python), 'aws');
  return named !== undefined && existsSync(named) ? named : findProgram('aws');
};

/** A program on the PATH. @param {string} name @returns {Promise<string | undefined>} */
const findOnPath = async (name) => ((await run(name, ['--version'])).status === 0 ? name : undefined);

/** Registry clients that ours is compared with, and the registry. */
const findRegistryPrograms = async () => ({
  crane: findProgram('crane'),
  oras: findProgram('oras'),
  regctl: findProgram('regctl'),
  skopeo: await findOnPath('skopeo'),
  'docker-registry': await findOnPath('docker-registry'),
});

/** Installs tools, builds the bundles and runs the named benchmarks, or all. */
await setUpAll(['python', 'crane', 'oras', 'regctl']);
await buildBundles();
const { measureAll } = await import('../test/bench/build/bench/main.js');
process.exitCode = await measureAll(process.argv.slice(2), {
  root,
  awsCli: findAwsCli(),
  programs: await findRegistryPrograms(),
});
