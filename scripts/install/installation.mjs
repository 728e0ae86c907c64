import { installDependencies } from './dependencies.mjs';
import { install, toolNames, tools } from './tool.mjs';

/** @typedef {import('./tool.mjs').ToolName} ToolName */

/** @param {ToolName} name */
const setUp = async (name) => {
  const obstacle = await install(name);
  if (obstacle !== undefined) {
    console.log(`${name} is missing (${obstacle}): skipped without it: ${tools[name].without}`);
  }
  return obstacle === undefined;
};

/**
 * Installs missing npm packages and tools, and reports each tool that cannot be installed.
 * @param {readonly ToolName[]} [names]
 * @returns {Promise<boolean>} false if a tool is missing in CI, where all are required
 */
export const setUpAll = async (names = toolNames) => {
  await installDependencies();
  const complete = await Promise.all(names.map(setUp));
  return process.env['CI'] !== 'true' || !complete.includes(false);
};
