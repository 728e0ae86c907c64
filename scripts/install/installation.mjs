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
 * Installs what is missing of the npm packages and the tools named. What cannot be had is said in a line.
 * @param {readonly ToolName[]} [names]
 * @returns {Promise<boolean>} whether all is there, or this is not CI, where everything has to be
 */
export const setUpAll = async (names = toolNames) => {
  await installDependencies();
  const complete = await Promise.all(names.map(setUp));
  return process.env['CI'] !== 'true' || !complete.includes(false);
};
