import { spawnSync } from 'node:child_process';

/** Whether tests may not be skipped: in CI on Linux, where `.ci/run` installs every program. */
export const areProgramsRequired = process.env['CI'] === 'true' && process.platform === 'linux';

/** Whether a program can be started; its exit code does not matter. */
export const hasProgram = (name: string): boolean => spawnSync(name, ['--version']).error === undefined;

/**
 * Those of the programs that are not installed, with a warning that the tests are skipped. Where programs are required
 * the result is empty, so that the tests run and fail.
 */
export const findMissingPrograms = (programs: readonly string[], tests: string): readonly string[] => {
  const missing = areProgramsRequired ? [] : programs.filter((name) => !hasProgram(name));
  if (missing.length > 0) console.warn(`skipped, not installed: ${missing.join(', ')} (${tests})`);
  return missing;
};
