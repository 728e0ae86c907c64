import type { Inputs } from '../action.js';
import { parseRequest } from './inputs/parse-request.js';
import { logIn } from './login/login-directory.js';
import { listLogins } from './login/registry.js';
import { runPull } from './pull/run-pull.js';
import { completePushes } from './push/publish-tags.js';
import { runPushes } from './push/run-pushes.js';
import type { Result } from './result.js';
import type { Services } from './services.js';

/** Connects to the registries, then logs in, pulls, or pushes (or checks) every image in every registry. */
export const run = async (inputs: Inputs, services: Services): Promise<Result> => {
  const { host, runProgram } = services;
  const request = parseRequest(inputs, host.env);
  const { maskPassword, skipLogout } = request.login;
  using _deadline = services.deadline;
  try {
    if (!maskPassword) host.log.warning('mask-password is false: registry passwords are not masked in the log');
    const registries = await services.connect(request.targets, maskPassword);
    const logins = registries.map(({ login }) => login);
    const result: Result = { request, logins, pushes: [], scan: undefined, loginDirectory: undefined };
    switch (request.kind) {
      case 'login':
        return {
          ...result,
          loginDirectory: await logIn(host, registries.flatMap(listLogins), { skipLogout, runProgram }),
        };
      case 'pull':
        return { ...result, pushes: [await runPull(request, registries, services)] };
      case 'push':
      case 'check': {
        // Opened first, so that an invalid ignore file fails the step before anything is pushed.
        const gate = request.scan === undefined ? undefined : await services.openGate(request.scan);
        const pushes = await runPushes(request, registries, services);
        const scan = await gate?.evaluate(pushes, registries);
        return { ...result, ...(await completePushes(pushes, { request, registries, scan, services })) };
      }
    }
  } finally {
    await services.tempDir.close();
  }
};
