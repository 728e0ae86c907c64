import { getExecOutput } from '@actions/exec';
import { textOf } from '@aws-delivery/action-kit/error';
import type { Execute } from './engine.js';

/** Programs of this machine, run without a shell. */
export const executeHere: Execute = async (program, args, { env, follow }) => {
  const listeners = follow === undefined ? {} : { stdline: follow, errline: follow };
  try {
    return await getExecOutput(program, [...args], {
      env: { ...env },
      silent: true,
      ignoreReturnCode: true,
      listeners,
    });
  } catch (error) {
    return { exitCode: 127, stdout: '', stderr: textOf(error) };
  }
};
