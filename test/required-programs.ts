import { spawnSync } from 'node:child_process';
import { findProgram } from '../scripts/install/tool.mjs';

/** Whether tests may not be skipped: in CI on Linux, where `.ci/run` installs every program. */
export const areProgramsRequired = process.env['CI'] === 'true' && process.platform === 'linux';

/** Whether a program can be started; its exit code does not matter. */
export const hasProgram = (name: string): boolean => spawnSync(name, ['--version']).error === undefined;

/** Why tests that need these programs are skipped, such as `not installed: buildah`; undefined for no names. */
export const formatObstacle = (missing: readonly string[]): string | undefined =>
  missing.length === 0 ? undefined : `not installed: ${missing.join(', ')}`;

/**
 * Why tests that need programs are skipped: those that are not installed. Where programs are required the result is
 * undefined, so that the tests run and fail.
 */
export const findProgramObstacle = (programs: readonly string[]): string | undefined =>
  formatObstacle(areProgramsRequired ? [] : programs.filter((name) => !hasProgram(name)));

/** Why tests that need tools of `npm run setup` are skipped; undefined if all of them are installed. */
export const findToolObstacle = (tools: readonly Parameters<typeof findProgram>[0][]): string | undefined =>
  formatObstacle(tools.filter((name) => findProgram(name) === undefined));
