import { renewLoginFiles, writeLoginFiles } from '../login/login-directory.js';
import type { Registry } from '../login/registry.js';
import type { Login } from '../login/registry-login.js';
import type { Services } from '../services.js';
import type { EngineOptions } from './engine.js';
import { usesSsh } from './engine-host.js';

/** Engines send requests to the endpoint, so its host is the name under which they look for a login. */
const withEndpointHost = (login: Login, { client }: Registry): Login => ({ ...login, host: client.origin.host });

/** Writes the logins for engines into the temporary directory of this run. Throws DeliveryError. */
export const createEngineOptions = async (
  registries: readonly Registry[],
  { host, tempDir, runProgram, deadline }: Pick<Services, 'host' | 'tempDir' | 'runProgram' | 'deadline'>,
): Promise<EngineOptions> => {
  const current = registries.map((registry) => withEndpointHost(registry.login, registry));
  const logins = await writeLoginFiles(await tempDir.getPath(), current, { env: host.env, runProgram });
  const renewLogins = async (): Promise<void> => {
    const fresh = await Promise.all(
      registries.map(async (registry) => withEndpointHost(await registry.renew(), registry)),
    );
    await renewLoginFiles(logins, fresh, { env: host.env, runProgram });
  };
  let renewal: Promise<void> | undefined;
  // Parallel pushes fail at the same time when the token expires: one renewal serves them all.
  const renew = (): Promise<void> => {
    renewal ??= renewLogins().finally(() => {
      renewal = undefined;
    });
    return renewal;
  };
  return { runProgram, env: host.env, logins, usesSsh: await usesSsh(host.env), signal: deadline.signal, renew };
};
